-- expect: global 'print' is not defined
-- within: 50 ms
print("x")
