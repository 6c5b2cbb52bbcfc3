-- expect: global 'newproxy' is not defined
-- within: 50 ms
return newproxy(true)
