-- What Quarto does for these pages, for Pandoc alone: alt texts, callouts, links
-- between pages, and tables that a screen reader and a phone can use.

-- Text from data is escaped before it comes here. Should any slip through, it still cannot become
-- a script: no handler of events, no address of its own, and links to pages only.

local FORBIDDEN = { srcdoc = true, formaction = true, action = true, srcset = true, href = true, src = true }

local function harmless(el)
  for name in pairs(el.attributes) do
    local lower = name:lower()
    if lower:match("^on") or FORBIDDEN[lower] then el.attributes[name] = nil end
  end
  return el
end

local function address(target)
  local scheme = target:gsub("%%%x%x", ""):gsub("[%c%s]", ""):match("^([%a][%w+.-]*):")
  if scheme == nil then return target end
  scheme = scheme:lower()
  if scheme == "http" or scheme == "https" or scheme == "mailto" then return target end
  return ""
end

local guard = {
  Span = harmless, Div = harmless, Header = harmless, Code = harmless, CodeBlock = harmless, Table = harmless,
  Link = function(el)
    el.target = address(el.target)
    return harmless(el)
  end,
  Image = function(el)
    el.src = address(el.src)
    return harmless(el)
  end,
}

local scroll = ""
local count = 0

local function read_meta(meta)
  if meta.scroll then scroll = pandoc.utils.stringify(meta.scroll) end
end

local function link(el)
  el.target = el.target:gsub("%.qmd$", ".html"):gsub("%.qmd#", ".html#")
  return el
end

local function image(el)
  local alt = el.attributes["fig-alt"]
  if alt then
    el.caption = { pandoc.Str(alt) }
    el.attributes["fig-alt"] = nil
  end
  -- two drawings of one figure: the narrow one where the column is too small for the wide one
  local narrow, source = el.attributes["narrow"], ""
  if narrow then
    el.attributes["narrow"] = nil
    if not narrow:match("^figures/[%w_%-]+%.svg$") then error("a narrow drawing outside figures/: " .. narrow) end
    source = '<source media="(max-width: 48rem)" srcset="' .. narrow .. '">'
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
  for _, class in ipairs(el.classes) do
    if class:match("^callout%-") then
      local title = el.content[1]
      if title and title.t == "Header" then
        title.level = 2
        title.classes:insert("callout-title")
      end
      el.classes:insert("callout")
      el.attributes.role = "note"
      return el
    end
  end
end

-- headings of rows and columns say so, and a wide table scrolls inside its own region
local function table_(el)
  -- left is the default; saying so in every cell would double the size of a long table
  for at, spec in ipairs(el.colspecs) do
    if spec[1] == pandoc.AlignLeft then el.colspecs[at] = { pandoc.AlignDefault, spec[2] } end
  end
  for _, row in ipairs(el.head.rows) do
    for _, cell in ipairs(row.cells) do cell.attr.attributes.scope = "col" end
  end
  for _, body in ipairs(el.bodies) do
    body.row_head_columns = 1
    for _, row in ipairs(body.body) do
      if row.cells[1] then row.cells[1].attr.attributes.scope = "row" end
    end
  end
  count = count + 1 -- every region needs a name of its own
  -- pairs, not a table: the order of a table's keys differs from run to run
  local attributes = { { "role", "region" }, { "tabindex", "0" }, { "aria-label", (scroll:gsub("{n}", tostring(count))) } }
  return pandoc.Div({ el }, pandoc.Attr("", { "scroll" }, attributes))
end

return { guard, { Meta = read_meta }, { Link = link, Image = image, Div = div, Table = table_ } }
