-- expect: global 'os' is not defined
-- within: 50 ms
os.exit(0, true)
