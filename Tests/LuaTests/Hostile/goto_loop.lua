-- expect: time limit
-- within: 300 ms
::again:: goto again
