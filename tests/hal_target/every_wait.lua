-- Before a scenario: what its meter holds at the end of each wait, register by register, each as "@ WAIT REGISTER
-- WORD" (as text: NaN is a word, too). every_wait.sh compares two boards.
do
    local own_meter, own_wait, own_until, own_within = meter, wait, wait_until, within
    local first, waits = nil, 0

    local function dump()
        waits = waits + 1
        if not first then return end
        for _, block in ipairs { { 1, 112 }, { 129, 49 }, { 257, 100 }, { 357, 50 } } do
            local words = first:try_read(block[1], block[2])
            print("@", waits, block[1], words and table.concat(words, " ") or "none")
        end
    end

    function meter(...)
        local m = own_meter(...)
        first = first or m
        return m
    end
    function wait(...) own_wait(...) dump() end
    function wait_until(...) local a, b = own_until(...) dump() return a, b end
    function within(...) local a, b = own_within(...) dump() return a, b end
end
