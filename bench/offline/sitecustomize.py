"""Python imports this at start-up when its folder is on the path: it lets nothing out but loopback connections."""

import ipaddress
import socket

_connect, _connect_ex, _getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo


def _refuse_unless_local(host: object) -> None:
    if host in (None, "", "localhost") or (isinstance(host, bytes) and host in (b"", b"localhost")):
        return
    try:
        if ipaddress.ip_address(host if isinstance(host, str) else host.decode()).is_loopback:
            return
    except ValueError:
        pass
    raise OSError(f"the network is off in this run: no connection to {host!r}")


def _checked(method):
    def connect(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6):
            _refuse_unless_local(address[0])
        return method(self, address)

    return connect


def _lookup(host, *arguments, **keywords):
    _refuse_unless_local(host)
    return _getaddrinfo(host, *arguments, **keywords)


socket.socket.connect = _checked(_connect)
socket.socket.connect_ex = _checked(_connect_ex)
socket.getaddrinfo = _lookup
