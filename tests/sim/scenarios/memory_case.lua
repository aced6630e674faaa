meter {}
wait "1 s"
local function fill(t)
    while true do t[#t + 1] = ("x"):rep(1000) .. #t end
end
pcall(function()
    case "too much" (function()
        wait "1 s"
        fill {}
    end)
end)
case "in a task" (function()
    after("1 s", function()
        fill {}
    end)
    wait "2 s"
end)
case "in a condition" (function()
    always(function()
        return now() < 2 or fill {}
    end)
    wait "2 s"
end)
case "in a trigger" (function()
    when(function() return now() > 2 and fill {} end, function() end)
    wait "2 s"
end)
