-- expect: global 'dofile' is not defined
-- within: 50 ms
return dofile("/etc/passwd")
