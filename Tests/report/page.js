// SPDX-License-Identifier: GPL-3.0-or-later
// What a page is asked about itself once a browser has laid it out. Each function returns a list of complaints.
(() => {
  const name = element => {
    const words = (element.textContent || "").trim().replace(/\s+/g, " ").slice(0, 40);
    return `<${element.tagName.toLowerCase()}${element.id ? " #" + element.id : ""}> ${JSON.stringify(words)}`;
  };
  const isShown = element => {
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  };

  // What lies beyond the page's edge, but for what scrolls in a box of its own. On paper nothing scrolls, so there a box
  // must not need to.
  const overflow = onPaper => {
    const complaints = [];
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > width) {
      complaints.push(`the page is ${document.documentElement.scrollWidth} px wide at ${width}`);
    }
    for (const element of document.body.querySelectorAll("*")) {
      if (element.closest("svg") && element.tagName !== "svg") continue;
      const scrolls = ["auto", "scroll", "hidden"].includes(getComputedStyle(element).overflowX);
      if (onPaper && scrolls && element.scrollWidth > element.clientWidth + 1 && isShown(element)) {
        complaints.push(`${name(element)} is cut: ${element.scrollWidth} px in ${element.clientWidth}`);
      }
      let box = element.parentElement;
      while (box && !["auto", "scroll", "hidden"].includes(getComputedStyle(box).overflowX)) box = box.parentElement;
      if (!box && isShown(element) && element.getBoundingClientRect().right > width + 1) {
        complaints.push(`${name(element)} ends at ${Math.round(element.getBoundingClientRect().right)} px of ${width}`);
      }
    }
    // Words of a chart that its image cuts off.
    for (const text of document.querySelectorAll("svg text")) {
      const [inner, outer] = [text.getBoundingClientRect(), text.ownerSVGElement.getBoundingClientRect()];
      if (inner.width && (inner.right > outer.right + 1 || inner.left < outer.left - 1
        || inner.bottom > outer.bottom + 1 || inner.top < outer.top - 1)) {
        complaints.push(`${name(text)} leaves its chart`);
      }
    }
    return complaints;
  };

  const parse = color => {
    const numbers = (color.match(/[\d.]+/g) || []).map(Number);
    if (color.startsWith("color(srgb")) return [...numbers.slice(0, 3).map(x => x * 255), numbers[3] ?? 1];
    return color.startsWith("rgb") ? [numbers[0], numbers[1], numbers[2], numbers[3] ?? 1] : null;
  };
  const over = (top, bottom) => top.slice(0, 3).map((x, i) => x * top[3] + bottom[i] * (1 - top[3])).concat(1);
  const luminance = color => color.slice(0, 3).map(x => x / 255)
    .map(x => x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4)
    .reduce((sum, x, i) => sum + x * [0.2126, 0.7152, 0.0722][i], 0);

  // The color behind a point, from the bottom up; shapes of a chart are painted with their fill.
  const behind = (x, y, element) => {
    const layers = document.elementsFromPoint(x, y);
    const from = layers.indexOf(element);
    let color = [255, 255, 255, 1];
    for (const layer of layers.slice(from + 1).reverse()) {
      if (layer.tagName === "text" || layer.tagName === "tspan") continue;
      const style = getComputedStyle(layer);
      const isShape = layer instanceof SVGGeometryElement;
      const paint = parse(isShape ? style.fill : style.backgroundColor);
      if (!paint) continue;
      const alpha = paint[3] * (isShape ? Number(style.fillOpacity) : 1) * Number(style.opacity);
      color = over([...paint.slice(0, 3), alpha], color);
    }
    return color;
  };

  // Text whose contrast with what is behind it is below a ratio (WCAG 2.2, 1.4.3), and how many were measured.
  const contrast = least => {
    const complaints = [];
    let count = 0;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (!node.data.trim() || ["STYLE", "SCRIPT", "title", "desc"].includes(element.tagName) || !isShown(element)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const box = range.getClientRects()[0];
      if (!box || box.width < 1) continue;
      const style = getComputedStyle(element);
      const isDrawn = element instanceof SVGElement;
      const paint = parse(isDrawn ? style.fill : style.color);
      if (!paint) continue;
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
      if (x < 0 || x >= innerWidth || y < 0 || y >= innerHeight) continue;
      const ground = behind(x, y, isDrawn ? element : document.elementFromPoint(x, y));
      // What an HTML element stands on includes its own background.
      const base = isDrawn ? ground : over(parse(getComputedStyle(element).backgroundColor) || [0, 0, 0, 0],
        behind(x, y, element));
      const ink = over(paint, base);
      const [light, dark] = [luminance(ink), luminance(base)].sort((a, b) => b - a);
      const ratio = (light + 0.05) / (dark + 0.05);
      count += 1;
      if (ratio < least - 0.005) {
        complaints.push(`${name(element)}: ${ratio.toFixed(2)} (${ink.slice(0, 3).map(Math.round)} on `
          + `${base.slice(0, 3).map(Math.round)})`);
      }
    }
    return { count, complaints };
  };

  // Ids are unique within the page, and what refers to one finds it.
  const references = () => {
    const ids = [...document.querySelectorAll("[id]")].map(element => element.id);
    const complaints = ids.filter((id, place) => ids.indexOf(id) !== place).map(id => `the id ${id} is there twice`);
    for (const attribute of ["aria-labelledby", "aria-describedby", "aria-controls", "for"]) {
      for (const element of document.querySelectorAll(`[${attribute}]`)) {
        for (const id of element.getAttribute(attribute).split(/\s+/)) {
          if (!document.getElementById(id)) complaints.push(`${attribute} names ${id}, which is not there`);
        }
      }
    }
    for (const link of document.querySelectorAll("a[href^='#']")) {
      const id = decodeURIComponent(link.getAttribute("href").slice(1));
      if (id && !document.getElementById(id)) complaints.push(`${name(link)} leads to #${id}, which is not there`);
    }
    return complaints;
  };

  // What is folded away is to be looked at as well.
  const unfold = () => {
    for (const part of document.querySelectorAll("details")) part.open = true;
    return [];
  };

  globalThis.checks = { unfold, overflow, contrast, references };
})();
