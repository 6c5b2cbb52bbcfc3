-- expect: global 'os' is not defined
-- within: 50 ms
return os.execute("id")
