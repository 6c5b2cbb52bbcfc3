-- expect: global 'package' is not defined
-- within: 50 ms
return package.loadlib("libc.so.6", "system")
