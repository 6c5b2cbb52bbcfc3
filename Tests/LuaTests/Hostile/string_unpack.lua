-- expect: nil value \(method 'unpack'\)
-- within: 50 ms
return ("\0\0\0\0"):unpack("i")
