-- expect: global 'coroutine' is not defined
-- within: 50 ms
return coroutine.create(print)
