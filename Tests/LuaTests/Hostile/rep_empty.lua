-- expect: ok: $
-- within: 50 ms
return (""):rep(1 << 62)
