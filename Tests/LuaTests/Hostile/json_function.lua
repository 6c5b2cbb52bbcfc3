-- expect: function cannot be given
-- within: 50 ms
return { f = function() end }
