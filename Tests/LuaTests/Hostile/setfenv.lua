-- expect: global 'setfenv' is not defined
-- within: 50 ms
setfenv(1, {})
