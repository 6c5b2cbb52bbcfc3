-- expect: global 'io' is not defined
-- within: 50 ms
return io.open("/etc/passwd")
