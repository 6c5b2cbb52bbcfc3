-- expect: plugins keep no globals
-- within: 50 ms
shared = {}
