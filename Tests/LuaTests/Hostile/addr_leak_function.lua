-- expect: ok: function table function$
-- within: 50 ms
return tostring(next) .. " " .. tostring({}) .. " " .. tostring(function() end)
