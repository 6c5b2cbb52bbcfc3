-- expect: nil value \(field 'random'\)
-- within: 50 ms
return math.random()
