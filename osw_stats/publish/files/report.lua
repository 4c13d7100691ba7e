-- The pages of the site as one document for print. To JSON, a page becomes a chapter: what only a screen can do is
-- left out, ids carry the name of the page, links to other pages become links inside the document. To Typst and to
-- Word, chapters get what Pandoc's own writers lose: alt texts, boxes, widths of columns.

local stringify = pandoc.utils.stringify

-- report.py finds this line in what Pandoc prints
local function refuse(what) error("refused: " .. what, 0) end

-- Chapters ---------------------------------------------------------------------------------------------------------

-- beside: a small copy of a chart that stands whole elsewhere
local SCREEN_ONLY = { links = true, ["what-if"] = true, screen = true, beside = true }
local LOST = "lost" -- marks a link that leads nowhere on paper
local name, site, inside = "", "", {}
local dropped = false -- whether a picture was left out

local function read_meta(meta)
  name, site = stringify(meta.name), stringify(meta.site):gsub("/+$", "")
  for page in stringify(meta.inside):gmatch("%S+") do inside[page] = true end
end

-- how to run a page again, its last heading and a command, is left out
local function without_rerun(doc)
  local first, heading
  for at, block in ipairs(doc.blocks) do
    if block.t == "Header" then heading = at end
    if block.t == "CodeBlock" and block.text:find("osw run", 1, true) then
      first = at
      break
    end
  end
  for at = first or 0, heading or 1, -1 do doc.blocks:remove(at) end
  return doc
end

local function screen_only(el)
  return SCREEN_ONLY[el.identifier] or el.classes:find_if(function(class) return SCREEN_ONLY[class] end)
end

local function named(el)
  if el.identifier ~= "" then el.identifier = name .. "-" .. el.identifier end
  return el
end

-- where a link leads: in the report, else to the site; nil where that has no address
local function target_of(target)
  local scheme = target:match("^(%a[%w_+.-]*):")
  if scheme == "https" or scheme == "http" or scheme == "mailto" or scheme == "tel" then return target end
  if target == "" or scheme then
    refuse(('a link of %s leads to "%s", which cannot be followed'):format(name, target))
  end
  local path, place = target:match("^([^#]*)#?(.*)$")
  local page = path == "" and name or path:gsub("%.qmd$", "")
  if inside[page] then return "#" .. page .. (place == "" and "" or "-" .. place) end
  if site ~= "" then return site .. "/" .. target:gsub("%.qmd$", ".html"):gsub("%.qmd#", ".html#") end
end

local function link(el)
  local target = target_of(el.target)
  if not target then return pandoc.Span(el.content, pandoc.Attr("", { LOST })) end
  el.target, el.title = target, ""
  return el
end

local function picture(el)
  if screen_only(el) then
    dropped = true
    return {}
  end
  if not el.src:match("^figures/[%w_.-]+%.svg$") then refuse("the picture " .. el.src .. " is not in figures/") end
  if not (el.attributes["fig-alt"] or ""):match("%S") then
    refuse("the picture " .. el.src .. " has no alt text; give its chart one")
  end
end

-- a paragraph that held such a picture alone goes with it
local function filled(el)
  if dropped and #el.content == 0 then return {} end
end

local function is_lost(el) return el.t == "Span" and el.classes:includes(LOST) end

-- an item that begins with a link to what only the site has is no use on paper
local function list(el)
  el.content = el.content:filter(function(item)
    local first = item[1] and (item[1].t == "Plain" or item[1].t == "Para") and item[1].content[1]
    return first and not is_lost(first)
  end)
  return #el.content > 0 and el or {}
end

local function header(el)
  if el.level > 1 then return named(el) end
  el.identifier = name
  return el
end

local function div(el)
  if screen_only(el) then return {} end
  return named(el)
end

local function unmarked(el)
  if is_lost(el) then return el.content end
end

local chapter = {
  { Meta = read_meta },
  { Pandoc = without_rerun },
  {
    Link = link, Image = picture, Span = named, Code = named,
    Para = filled, Plain = filled, BulletList = list, Header = header, Div = div,
    Figure = named, CodeBlock = named, Table = named,
  },
  { Span = unmarked },
}

-- Widths of columns ------------------------------------------------------------------------------------------------

-- On paper nothing scrolls. Every column first gets room for its longest word (a column of numbers for its longest
-- number with margin), and what is left goes to the columns with the most text. Where a text would still become a tall
-- pillar of short lines, numbers give room: their margin may then stand on a second line.
local LINE = 116 -- characters of table text on a line of A4 upright
local LONGEST_WORD, LONGEST_NUMBER = 15, 23 -- what is longer is broken
local LONGEST_HEADING = 11 -- characters of a word in a heading; what is longer is hyphenated
local GAP = 4 -- characters of padding, and for bold headings
local PILLAR = 5 -- lines of one cell
local MOST = 90 -- characters beyond which a cell asks for no more room

local function longest_word(text, most)
  local longest = 0
  for word in text:gsub("\u{a0}", " "):gsub("\u{202f}", " "):gmatch("%S+") do
    longest = math.max(longest, math.min(most, pandoc.text.len(word)))
  end
  return longest
end

-- what each column takes unbroken, and below what words, or numbers with their margin, would be broken
local function needs(el)
  local rows = pandoc.List()
  rows:extend(el.head.rows)
  for _, body in ipairs(el.bodies) do
    rows:extend(body.head)
    rows:extend(body.body)
  end
  local wanted, least, tight = {}, {}, {}
  for at, spec in ipairs(el.colspecs) do
    local whole, word, number = 0, 1, 1
    for line, row in ipairs(rows) do
      local text = stringify(row.cells[at].contents)
      local length = pandoc.text.len(text)
      whole = math.max(whole, length)
      word = math.max(word, longest_word(text, line == 1 and LONGEST_HEADING or LONGEST_WORD))
      if line > 1 and text:match("%d") then number = math.max(number, math.min(LONGEST_NUMBER, length)) end
    end
    wanted[at], tight[at] = whole + GAP, word + GAP
    least[at] = (spec[1] == pandoc.AlignRight and math.max(word, number) or word) + GAP
  end
  return wanted, least, tight
end

local function sum(numbers)
  local total = 0
  for _, number in ipairs(numbers) do total = total + number end
  return total
end

-- the characters of each column: what it needs at least, and its part of what is left
local function shared(wanted, least)
  local left, more, shares = math.max(0, LINE - sum(least)), {}, {}
  for at, least_of in ipairs(least) do more[at] = math.min(MOST, math.max(0, wanted[at] - least_of)) end
  local total = math.max(1, sum(more))
  for at, least_of in ipairs(least) do shares[at] = least_of + left * more[at] / total end
  return shares
end

local function table_(el)
  local wanted, least, tight = needs(el)
  local fits, shares = sum(wanted) <= LINE, shared(wanted, least)
  local tallest = 0
  for at, share in ipairs(shares) do tallest = math.max(tallest, wanted[at] / share) end
  if sum(least) > LINE or tallest > PILLAR then shares = shared(wanted, tight) end
  local total = sum(shares)
  for at, spec in ipairs(el.colspecs) do el.colspecs[at] = { spec[1], not fits and shares[at] / total or nil } end
  return el
end

-- Typst ------------------------------------------------------------------------------------------------------------

local BOXES = { card = true, help = true, callout = true }
local function is_box(el) return el.classes:find_if(function(class) return BOXES[class] end) end

local function typst(text) return pandoc.RawInline("typst", text) end

local function quoted(text)
  local plain = text:gsub("\u{2028}", " "):gsub("\u{2029}", " "):gsub('[\\"]', "\\%0")
  return '"' .. plain:gsub("\n", "\\n"):gsub("\r", "\\r"):gsub("\t", "\\t") .. '"'
end

local function label(id) return id == "" and "" or " #label(" .. quoted(id) .. ")" end

-- Pandoc escapes text that would begin a heading or a list in a paragraph, but not in a cell or an item (3.9)
local function guarded(el)
  local inlines, changed = el.content, false
  for at = #inlines, 1, -1 do
    local inline, before = inlines[at], inlines[at - 1]
    local begins = not before or before.t == "LineBreak" or before.t == "SoftBreak"
    if begins and inline.t == "Str" and (inline.text:match("^[=+/-]") or inline.text:match("^%d+%.")) then
      inlines:insert(at, typst('#"";'))
      changed = true
    end
  end
  if not changed then return end
  el.content = inlines
  return el
end

-- a figure with its alt text, its caption and its label, as one paragraph
local function typst_figure(el)
  local image = el.content[1].content[1].text:gsub("^#", "") -- already Typst: children come first
  local inlines = pandoc.List { typst("#figure(" .. image .. ", caption: [") }
  for _, block in ipairs(el.caption.long) do inlines:extend(block.content) end
  inlines:insert(typst("])" .. label(el.identifier)))
  return pandoc.Para(inlines)
end

-- tiles that follow one another stand side by side
local TILES = { tile = true, empty = true }
local function side_by_side(blocks)
  local made, open = pandoc.List(), nil
  local function add(text) made:insert(pandoc.RawBlock("typst", text)) end
  for _, block in ipairs(blocks) do
    local kind = block.t == "Div" and block.classes:find_if(function(class) return TILES[class] end) or nil
    if open and kind ~= open then add(")") end
    if kind and kind ~= open then add("#tiles(" .. quoted(kind) .. ",") end
    if kind then
      add("[")
      for at, part in ipairs(block.content) do
        local number = kind == "tile" and at == 2 -- after its heading
        if number then add("#text(size: 1.4em, weight: \"bold\")[") end
        made:insert(part)
        if number then add("]") end
      end
      add("],")
    else
      made:insert(block)
    end
    open = kind
  end
  if open then add(")") end
  return made
end

local for_typst = {
  {
    Image = function(el)
      return typst(("#picture(%s, alt: %s)"):format(quoted("/" .. el.src), quoted(el.attributes["fig-alt"])))
    end,
    Math = function(el)
      local block = tostring(el.mathtype == "DisplayMath")
      return { typst(("#math.equation(alt: %s, block: %s, "):format(quoted(el.text), block)), el, typst(")") }
    end,
    Para = guarded, Plain = guarded, Figure = typst_figure, Table = table_, Blocks = side_by_side,
    Div = function(el)
      if not is_box(el) then return end
      local blocks = pandoc.List { pandoc.RawBlock("typst", "#box-of[") }
      blocks:extend(el.content)
      blocks:insert(pandoc.RawBlock("typst", "]" .. label(el.identifier)))
      return blocks
    end,
  },
}

-- Word -------------------------------------------------------------------------------------------------------------

-- the list of chapters as links: it is there at once, without updating fields
local function contents(doc)
  local entries = pandoc.List()
  for _, block in ipairs(doc.blocks) do
    if block.t == "Header" and block.level == 1 then
      local entry = pandoc.Link({ pandoc.Str(stringify(block.content)) }, "#" .. block.identifier)
      entries:insert { pandoc.Plain { entry } }
    end
  end
  doc.blocks:insert(1, pandoc.BulletList(entries))
  doc.blocks:insert(1, pandoc.Header(2, { pandoc.Str(stringify(doc.meta.contents)) }, pandoc.Attr("contents")))
  doc.meta.contents = nil -- or it becomes a property of the file
  return doc
end

local for_word = {
  { Pandoc = contents },
  {
    Image = function(el)
      local size = pandoc.Attr("", {}, { { "width", "16.5cm" } })
      return pandoc.Image({ pandoc.Str(el.attributes["fig-alt"]) }, (el.src:gsub("%.svg$", ".png")), "", size)
    end,
    Table = table_,
    Div = function(el)
      if is_box(el) then
        return pandoc.Div(el.content, pandoc.Attr(el.identifier, el.classes, { { "custom-style", "Box" } }))
      end
    end,
  },
}

return ({ json = chapter, typst = for_typst, docx = for_word })[FORMAT]
