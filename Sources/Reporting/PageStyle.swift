// SPDX-License-Identifier: GPL-3.0-or-later
// The page's look: one column, system fonts, tabular figures, hairlines instead of boxes. Print has its own sizes.

/// The style sheet of a page, after the charts' own.
enum PageStyle {
  static let sheet = """
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
    body{margin:0;background:var(--surface);color:var(--ink);
    font:15px/1.5 -apple-system,BlinkMacSystemFont,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
    font-variant-numeric:tabular-nums lining-nums;overflow-wrap:break-word}
    main{max-width:920px;margin:0 auto;padding:28px 24px 64px}
    h1,h2,h3,p,ul,dl,dd,figure{margin:0;padding:0}
    h1{font-size:27px;line-height:1.28;font-weight:650;letter-spacing:-.011em;margin:18px 0 22px;
    text-wrap:pretty}
    h1 .why{display:block;font-size:.63em;line-height:1.5;font-weight:400;letter-spacing:0;margin-top:8px}
    h2{font-size:13px;line-height:1.3;font-weight:650;letter-spacing:.05em;text-transform:uppercase;
    color:var(--muted);margin:0 0 8px}
    h3{font-size:18px;line-height:1.35;font-weight:650;letter-spacing:-.005em;margin:0 0 4px;text-wrap:pretty}
    ul{padding-left:1.15em}
    li{margin:0 0 6px}
    li::marker{color:var(--muted)}
    a{color:inherit;text-underline-offset:2px}
    code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:.88em}
    .masthead{display:flex;flex-wrap:wrap;justify-content:space-between;gap:2px 24px;font-size:13px;
    color:var(--muted);border-bottom:2px solid var(--ink);padding-bottom:8px}
    .masthead span:first-child{font-weight:650;color:var(--ink)}
    .tiles{display:grid;grid-template-columns:repeat(4,1fr);gap:0;margin:0 0 24px;
    border-top:1px solid var(--rule);border-bottom:1px solid var(--rule)}
    .tiles div{padding:12px 14px 13px 16px;border-left:1px solid var(--rule)}
    .tiles div:first-child{padding-left:0;border-left:0}
    .since{font-size:13px;color:var(--muted);margin:-12px 0 22px}
    .tiles dt{font-size:13px;line-height:1.35;color:var(--muted)}
    .tiles dd{font-size:13px;line-height:1.4;color:var(--muted)}
    .tiles .big{font-size:30px;line-height:1.25;font-weight:650;letter-spacing:-.015em;color:var(--ink)}
    .scroll{overflow-x:auto;max-width:100%}
    .scroll:focus-visible{outline:2px solid var(--series-1);outline-offset:2px}
    table{border-collapse:collapse;width:100%;font-size:13.5px;line-height:1.4}
    caption{text-align:left;font-size:13px;color:var(--muted);padding:0 0 6px}
    th,td{text-align:left;vertical-align:top;padding:6px 0 6px 14px;border-bottom:1px solid var(--rule);
    font-weight:400}
    th:first-child{padding-left:0}
    thead th{font-size:12px;line-height:1.3;color:var(--muted);vertical-align:bottom;
    border-bottom:1px solid var(--muted)}
    .n{text-align:right;white-space:nowrap}
    thead .n{white-space:normal;min-width:62px}
    .first .scroll{margin:0 0 24px}
    .first tbody th{min-width:190px}
    .picked th,.picked td{background:var(--panel);font-weight:600}
    .picked th:first-child{box-shadow:inset 3px 0 0 var(--good);padding-left:10px}
    .first tbody th:first-child{padding-left:10px}
    .first thead th:first-child{padding-left:10px}
    .tag{display:inline-block;font-size:11.5px;line-height:1.5;font-weight:600;color:var(--muted);
    border:1px solid currentColor;border-radius:3px;padding:0 5px;white-space:nowrap}
    .pick{color:var(--good)}
    .miss{color:var(--bad)}
    .columns{display:grid;grid-template-columns:1fr 1fr;gap:0 36px;font-size:13.5px;line-height:1.45}
    .columns section+section{margin-top:16px}
    .place,.place summary{display:inline;margin:0}
    .place summary{text-decoration:underline dotted}
    .place code{overflow-wrap:anywhere}
    .more,.quiet{color:var(--muted)}
    .more{font-size:13px}
    .detail{margin:0;padding:30px 0 26px;border-top:1px solid var(--rule)}
    .detail figure{margin:14px 0 0}
    .about{font-size:13.5px;color:var(--muted);max-width:92ch}
    .narrow{display:none}
    .csv{font-size:12.5px;color:var(--muted)}
    p.csv{margin-top:8px}
    details{margin:6px 0 0;font-size:13.5px}
    summary{cursor:pointer;color:var(--muted);font-size:13px}
    details[open] summary{margin-bottom:8px}
    #details{margin-top:44px}
    #back{margin-top:20px}
    #back section{padding:26px 0 0}
    #back h3{margin-bottom:8px}
    #back ul,.facts,.glossary{font-size:14px}
    #back ul{max-width:76ch}
    .assumptions table{font-size:12.5px}
    .assumptions th code{overflow-wrap:anywhere}
    .assumptions tbody th{min-width:170px}
    .assumptions th,.assumptions td{padding-left:10px}
    .assumptions th:first-child{padding-left:0}
    .assumptions td:not(.n){min-width:58px}
    .assumptions th+td:not(.n){min-width:112px}
    .assumptions .n{min-width:40px}
    .date{white-space:nowrap}
    .source{display:block;min-width:130px;max-width:240px;overflow-wrap:anywhere}
    .facts div,.glossary div{display:grid;grid-template-columns:210px 1fr;gap:0 20px;padding:5px 0;
    border-bottom:1px solid var(--rule)}
    .facts dt,.glossary dt{font-weight:600}
    .facts dd,.glossary dd{min-width:0}
    .digest,.command{overflow-wrap:anywhere}
    .facts+p{margin-top:8px;font-size:13px}
    @media screen and (max-width:640px){
    main{padding:18px 16px 48px}
    h1{font-size:22px;margin:14px 0 18px}
    .tiles{grid-template-columns:1fr 1fr}
    .tiles div{padding:10px 10px 11px 14px}
    .tiles div:nth-child(odd){padding-left:0;border-left:0}
    .tiles div:nth-child(n+3){border-top:1px solid var(--rule)}
    .tiles .big{font-size:25px}
    .columns{grid-template-columns:1fr;gap:22px 0}
    .detail td:not(.n){min-width:130px}
    .detail tbody th{min-width:110px}
    .wide{display:none}
    .narrow{display:block;max-width:480px}
    .facts div,.glossary div{grid-template-columns:1fr}
    }
    @page{size:A4;margin:13mm 14mm 14mm}
    @media print{
    body{font-size:10pt;line-height:1.42}
    main{max-width:none;padding:0}
    .first{break-after:page}
    h1{font-size:17pt;margin:10pt 0 12pt}
    h2{font-size:8.4pt;margin-bottom:4pt}
    h3{font-size:12pt}
    .masthead,.tiles dt,.tiles dd,caption,.about,.csv,.more{font-size:8.6pt}
    .tiles{margin-bottom:12pt}
    .tiles div{padding:6pt 8pt 7pt 10pt}
    .tiles .big{font-size:19pt}
    table{font-size:8.8pt}
    thead th{font-size:7.6pt}
    th,td{padding:3pt 0 3pt 8pt}
    .tag{font-size:7.2pt;padding:0 3pt}
    .first tbody th,thead .n{min-width:0}
    .first .scroll{margin-bottom:12pt}
    .columns{font-size:9pt;gap:0 18pt}
    .columns section+section{margin-top:8pt}
    li{margin-bottom:3pt}
    .scroll{overflow:visible}
    .detail{padding:12pt 0 10pt;break-inside:avoid}
    .detail figure{margin-top:6pt}
    #details{margin-top:0}
    #back{margin-top:0;break-before:page}
    details,.place{display:none}
    #back ul,.facts,.glossary,.facts+p{font-size:8.6pt}
    #back section{padding-top:12pt}
    .assumptions table{font-size:7.4pt}
    .assumptions tbody th,.assumptions th+td:not(.n),.assumptions td,.source{min-width:0}
    tr,.facts div,.glossary div,li{break-inside:avoid}
    h2,h3{break-after:avoid}
    }

    """
}
