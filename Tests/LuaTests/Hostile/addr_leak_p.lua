-- expect: invalid conversion '%p'
-- within: 50 ms
return string.format("%p", {})
