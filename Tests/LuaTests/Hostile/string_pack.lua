-- expect: nil value \(field 'pack'\)
-- within: 50 ms
return string.pack("i", 1)
