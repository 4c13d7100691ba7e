-- Many texts through one Pandoc, so that each need not start its own. What to do comes as JSON on standard
-- input, what came of it goes as JSON to standard output: for every text whether it went well, the result or why not,
-- and its tree as JSON where that is asked for.

local asked = pandoc.json.decode(io.read("a"), false)
FORMAT = asked.to -- the filter looks at it
local COLUMNS = 100000 -- no line is broken for its length
local reading = pandoc.ReaderOptions { columns = COLUMNS }
local writing = pandoc.WriterOptions { columns = COLUMNS, wrap_text = "wrap-none", highlight_method = "none" }

local made = pandoc.List()
for _, given in ipairs(asked.texts) do
  local tree
  local fine, result = pcall(function()
    local doc = pandoc.read(given.text, asked.from, reading, {}) -- in the sandbox: no file is there for it
    if given.tree then tree = pandoc.write(doc, "json") end
    for key, value in pairs(given.meta) do doc.meta[key] = value end
    if asked.filter then doc = pandoc.utils.run_lua_filter(doc, asked.filter) end
    return pandoc.write(doc, asked.to, writing) .. "\n"
  end)
  made:insert { fine, tostring(result), tree or "" } -- a fault is an object
end
io.write(pandoc.json.encode(made))
