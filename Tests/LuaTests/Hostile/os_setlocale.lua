-- expect: global 'os' is not defined
-- within: 50 ms
os.setlocale("C", "collate")
