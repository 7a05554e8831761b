/// How the pages look: light and dark by the reader's preference, and light on paper.
enum StyleSheet {
  private static let light = """
    --page:#fcfcfa;--ink:#1c1e21;--soft:#5d636b;--line:#d9dce0;--panel:#f3f4f2;\
    --one:#2a5fbf;--two:#c25a10;--good:#1b7a3d;--bad:#b3261e;--doubt:#8a5a00;--heat:#2a5fbf;
    """

  private static let dark = """
    --page:#15171a;--ink:#e8eaed;--soft:#a0a7b0;--line:#383d44;--panel:#1e2125;\
    --one:#7aa9f7;--two:#f0a35e;--good:#6fcf8e;--bad:#ff8a80;--doubt:#f2c14e;--heat:#7aa9f7;
    """

  static let text = """
    :root{\(light)}
    @media (prefers-color-scheme:dark){:root{\(dark)}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
    main{max-width:60rem;margin:0 auto;padding:1.5rem 1rem 4rem}
    h1{font-size:1.5rem;line-height:1.25;margin:0 0 .25rem}
    h2{font-size:1.1rem;margin:2.5rem 0 .25rem}
    h3{font-size:.95rem;margin:1rem 0 .25rem;font-weight:600}
    p{margin:.25rem 0 .75rem}.why,.note{color:var(--soft);font-size:.9rem}
    .result{font-size:1.1rem;font-weight:600}
    .passed{color:var(--good)}.failed{color:var(--bad)}.doubtful{color:var(--doubt)}
    .noted{color:var(--soft)}
    .verdict{display:grid;grid-template-columns:5.5rem 1.4fr 1fr;gap:.1rem 1rem;padding:.45rem 0;\
    border-bottom:1px solid var(--line);font-size:.95rem;font-variant-numeric:tabular-nums;\
    break-inside:avoid}
    .verdict>*{min-width:0;overflow-wrap:anywhere}.verdict p{margin:0}
    .verdict small{color:var(--soft)}
    .wide{overflow-x:auto}
    table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
    th,td{text-align:left;vertical-align:top;padding:.35rem .75rem .35rem 0;\
    border-bottom:1px solid var(--line)}
    td{overflow-wrap:break-word}data{white-space:nowrap}h1{overflow-wrap:anywhere}
    th{color:var(--soft);font-weight:500}
    .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.4rem,1fr));gap:.75rem;\
    margin:1rem 0}
    .tile{background:var(--panel);border-radius:.5rem;padding:.6rem .8rem}
    .tile b{display:block;font-size:1.25rem;font-variant-numeric:tabular-nums}
    .tile span{color:var(--soft);font-size:.85rem}
    .pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(16rem,1fr));gap:1rem}
    svg{display:block;width:100%;height:auto;overflow:visible}
    svg text{fill:var(--soft);font:11px system-ui,sans-serif}
    .grid{stroke:var(--line);stroke-width:1}
    .one{stroke:var(--one);fill:none;stroke-width:2}.two{stroke:var(--two);fill:none;stroke-width:2}
    .three{stroke:var(--soft);fill:none;stroke-width:1.5;stroke-dasharray:3 3}
    .cell{fill:var(--heat)}.after{fill:var(--two)}
    .dots .p50{fill:var(--one)}.dots .p99{fill:none;stroke:var(--one);stroke-width:1.2}
    .dots .range{stroke:var(--one);stroke-width:3;stroke-opacity:.45}
    .dots .usual{stroke:var(--ink);stroke-dasharray:3 3}.dots \
    .beyond{fill:var(--bad);fill-opacity:.07}
    .dots .p50.bad{fill:var(--bad)}.dots .p99.bad,.dots .range.bad{stroke:var(--bad)}
    .dots text.bad{fill:var(--bad)}
    .key{display:flex;gap:.5rem;align-items:center;font-size:.8rem;color:var(--soft);margin:.3rem 0}
    .key i{width:6rem;height:.7rem;border:1px solid var(--line)}
    .key .rising{background:linear-gradient(to right,var(--page),var(--heat))}
    .key .diverging{background:linear-gradient(to right,var(--two),var(--page),var(--heat))}
    .failures{margin:.25rem 0 1rem;padding-left:1.2rem;color:var(--bad)}
    .bars{margin-top:.6rem;display:grid;grid-template-columns:max-content 1fr \
    max-content;gap:.15rem .6rem;\
    align-items:center;font-size:.85rem;color:var(--soft);font-variant-numeric:tabular-nums}
    .bars div{position:relative;height:.8rem;border-bottom:1px solid var(--line)}
    .bars i{position:absolute;top:0;height:100%;min-width:2px;background:var(--one);\
    border-radius:2px;print-color-adjust:exact;-webkit-print-color-adjust:exact}
    .bars i.bad{background:var(--bad)}
    .bars u{position:absolute;top:-2px;bottom:-2px;border-left:1px dashed var(--ink)}
    .bars .scale{display:flex;justify-content:space-between;margin:0}
    @media (max-width:40rem){.chart text{font-size:21px}.dots \
    text{font-size:15px}td,th{padding-right:.4rem}.note,.why{font-size:.85rem}\
    .verdict{grid-template-columns:5.5rem 1fr}.verdict>:last-child{grid-column:2}\
    .bars{grid-template-columns:max-content 1fr;grid-auto-flow:dense}\
    .bars>:nth-child(3n+2){grid-column:1/3;margin-bottom:.2rem}\
    .bars>:nth-child(3n){text-align:right}}
    .legend{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;font-size:.85rem;color:var(--soft)}
    .legend i{display:inline-block;width:1.4em;border-top:3px solid;vertical-align:middle;\
    margin-right:.4em}.legend .dashed{border-top-style:dashed}
    @media \
    print{:root{\(light)}body{font-size:12px}main{max-width:none;padding:0}h2{margin-top:1.5rem;\
    break-after:avoid}.pair,.chart,.tiles,tr{break-inside:avoid}.tile{border:1px solid var(--line)}}
    """
}
