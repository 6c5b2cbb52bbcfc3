-- expect: global 'loadfile' is not defined
-- within: 50 ms
return loadfile("/etc/passwd")
