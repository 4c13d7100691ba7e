-- What Quarto does for these pages, for Pandoc alone: alt texts, callouts, links
-- between pages, and tables that a screen reader and a phone can use.

-- Text from data is escaped before it comes here. Should any slip through, it still cannot become
-- a script: no handler of events, no address in an attribute, and only links that pages may have.
-- What is not let through stops the build: a page without its link to help is worse than no page.

local FORBIDDEN = {
  srcdoc = true, formaction = true, action = true, srcset = true, href = true, src = true, data = true,
  poster = true, ping = true, background = true, ["xlink:href"] = true,
}
local SCHEMES = { http = true, https = true, mailto = true, tel = true }

-- pandoc.py finds this line in what Pandoc prints, and puts the page before it
local function refuse(what, name, value)
  error("refused: " .. what .. " " .. name .. "=“" .. value:gsub("%c", " ") .. "” must not be published", 0)
end

local function harmless(el)
  local names = {}
  for name in pairs(el.attributes) do names[#names + 1] = name end
  table.sort(names)
  for _, name in ipairs(names) do
    local lower = name:lower()
    if lower:match("^on") or FORBIDDEN[lower] then refuse("the attribute", name, el.attributes[name]) end
  end
end

local function address(target, name)
  local bare = target:gsub("%%%x%x", ""):gsub("[%c%s]", "")
  local scheme = bare:match("^([%a][%w+.-]*):")
  if bare == "" or scheme and not SCHEMES[scheme:lower()] then refuse("the target", name, target) end
end

local guard = {
  Span = harmless, Div = harmless, Header = harmless, Code = harmless, CodeBlock = harmless, Table = harmless,
  Figure = harmless,
  Link = function(el)
    address(el.target, "href")
    harmless(el)
  end,
  Image = function(el)
    address(el.src, "src")
    harmless(el)
  end,
}

local scroll = ""
local count = {}

local function read_meta(meta)
  if meta.scroll then scroll = pandoc.utils.stringify(meta.scroll) end
end

-- between pages only: an address elsewhere is left as it is
local function link(el)
  if el.target:match("^[%a][%w+.-]*:") or el.target:match("^//") then return end
  el.target = el.target:gsub("%.qmd$", ".html"):gsub("%.qmd#", ".html#", 1)
  return el
end

local function image(el)
  local alt = el.attributes["fig-alt"]
  if alt and not quarto then -- which carries it itself, and would print a caption
    el.caption = { pandoc.Str(alt) }
    el.attributes["fig-alt"] = nil
  end
  -- two drawings of one figure: the narrow one where the column is too small for the wide one
  local narrow, source = el.attributes["narrow"], ""
  if narrow then
    el.attributes["narrow"] = nil
    if not narrow:match("^figures/[%w_%-]+%.svg$") then error("a narrow drawing outside figures/: " .. narrow) end
    source = '<source media="screen and (max-width: 47.9rem)" srcset="' .. narrow .. '">'
  end
  -- what a reader can highlight, and room for the control that a script puts there
  local groups, room = el.attributes["groups"], ""
  if groups then
    el.attributes["groups"] = nil
    el.attributes["data-groups"] = groups
    room = '<span class="highlight"></span>'
  end
  if not narrow and not groups then return el end
  return {
    pandoc.RawInline("html", "<picture>" .. source),
    el,
    pandoc.RawInline("html", "</picture>" .. room),
  }
end

local function div(el)
  if not el.classes:includes("callout") then return end -- "callout-note" would become a box of Quarto's
  local title = el.content[1]
  if title and title.t == "Header" then
    title.level = 2
    title.classes:insert("callout-title")
  end
  el.attributes.role = "note"
  return el
end

-- limits in brackets stay on one line: "1,0 (0,5–1,5)" may break before the bracket, not inside it
local KEPT = 26 -- characters; what is longer is words, and breaks like words
local function together(cell)
  local block = cell.contents[1]
  if #cell.contents ~= 1 or block.t ~= "Plain" then return end
  local from
  for at, inline in ipairs(block.content) do
    if inline.t == "Str" and inline.text:match("^%(") then from = at end
  end
  if not from then return end
  local rest = pandoc.List()
  for at = from, #block.content do rest:insert(block.content[at]) end
  local text = pandoc.utils.stringify(rest)
  if not text:match("^%(.*%d.*%)$") or pandoc.text.len(text) > KEPT then return end
  for at = #block.content, from, -1 do block.content:remove(at) end
  block.content:insert(pandoc.Span(rest, pandoc.Attr("", { "n" })))
  cell.contents = { block }
end

-- a cell of many words asks for room, or its row becomes a pillar
local LONG = 70

-- headings of rows and columns say so, and a wide table scrolls inside its own region
local function table_(el)
  -- left is the default; saying so in every cell would double the size of a long table
  for at, spec in ipairs(el.colspecs) do
    if spec[1] == pandoc.AlignLeft then el.colspecs[at] = { pandoc.AlignDefault, spec[2] } end
  end
  for _, row in ipairs(el.head.rows) do
    for _, cell in ipairs(row.cells) do cell.attr.attributes.scope = "col" end
  end
  local heads, right = {}, {} -- what a cell is called where a row is a card; which columns hold numbers
  for at, cell in ipairs(el.head.rows[1] and el.head.rows[1].cells or {}) do heads[at] = pandoc.utils.stringify(cell) end
  for at, spec in ipairs(el.colspecs) do right[at] = spec[1] == pandoc.AlignRight end
  for _, body in ipairs(el.bodies) do
    body.row_head_columns = 1
    for _, row in ipairs(body.body) do
      for at, cell in ipairs(row.cells) do -- each part of a cell is asked for once: most of Pandoc's time went into it
        local text = pandoc.utils.stringify(cell)
        if right[at] and text:find("%d.*%)$") then together(cell) end
        local long = not right[at] and #text > LONG and pandoc.text.len(text) > LONG
        local head = at > 1 and heads[at] ~= "" and heads[at]
        local said = at == 1 and { { "scope", "row" } } or head and { { "data-head", head } } or {}
        if long or said[1] then cell.attr = pandoc.Attr("", long and { "long" } or {}, said) end
      end
    end
  end
  -- every region has the name of its table; two of one name are told apart by a number
  local name = pandoc.utils.stringify(el.caption.long)
  count[name] = (count[name] or 0) + 1
  if count[name] > 1 then name = name .. " (" .. count[name] .. ")" end
  -- pairs, not a table: the order of a table's keys differs from run to run
  local attributes = { { "role", "region" }, { "tabindex", "0" }, { "aria-label", name .. (name ~= "" and ": " or "") .. scroll } }
  return pandoc.Div({ el }, pandoc.Attr("", { "scroll" }, attributes))
end

return { guard, { Meta = read_meta }, { Link = link, Image = image, Div = div, Table = table_ } }
