#include "vitrum/report/page/style_sheet.hpp"

namespace vitrum::report {

std::string_view style_sheet() {
    return R"css(
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: #1c1c1c;
       font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 1100px; margin: 0 auto; padding: 32px 24px 48px; }
h1 { font-size: 27px; line-height: 1.25; margin: 0 0 6px; }
h2 { font-size: 20px; margin: 44px 0 4px; padding-top: 14px; border-top: 1px solid #d0d0d0; }
h3 { font-size: 15px; margin: 24px 0 6px; }
p { margin: 6px 0; max-width: 80ch; }
.question { font-size: 17px; color: #333; margin: 0 0 18px; }
.quiet, .facts { color: #666; }
.facts { font-size: 13px; }
.statements { border: 1px solid #b9cbe0; border-left: 5px solid #1f5fa8; background: #f5f8fc; padding: 10px 18px;
              margin: 16px 0; break-inside: avoid; }
.statements h3 { margin: 2px 0 4px; }
ul { margin: 4px 0; padding-left: 20px; }
li { margin: 3px 0; max-width: 90ch; }
nav { font-size: 14px; margin: 14px 0; }
nav ul { list-style: none; padding: 0; }
nav .badge { margin-left: 6px; }
a { color: #1f5fa8; text-decoration: none; }
a:hover { text-decoration: underline; }
.failure { border: 2px solid #b3261e; background: #fdf4f3; padding: 10px 14px; margin: 14px 0; break-inside: avoid; }
.failure p { margin: 0; font-weight: 600; max-width: none; }
.failure pre { border: 0; background: transparent; padding: 0; margin: 8px 0 0; }
figure { margin: 14px 0; break-inside: avoid; min-width: 0; }
figure svg, figure img { display: block; width: 100%; height: auto; }
figcaption { font-size: 13px; line-height: 1.4; color: #444; margin-top: 4px; max-width: 95ch; }
.single { max-width: 860px; }
.pair { display: grid; grid-template-columns: 46fr 54fr; gap: 22px; align-items: end; }
.pair > figure:only-child { grid-column: 1 / -1; max-width: 640px; }
.grid { display: grid; grid-template-columns: repeat(3, 1fr); gap: 4px 18px; }
.grid figure { margin: 8px 0; }
.grid + .facts { margin-top: 0; }
.facts { max-width: 110ch; }
.grid figcaption { font-size: 12.5px; }
.grid .label { font-size: 13px; font-weight: 600; margin: 0 0 2px; }
table { border-collapse: collapse; font-size: 13.5px; margin: 10px 0; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 10px; text-align: left; vertical-align: top; border-bottom: 1px solid #e2e2e2; }
thead th { border-bottom: 1.5px solid #888; font-weight: 600; white-space: nowrap; }
th.n, td.n { text-align: right; white-space: nowrap; }
td small, th small { color: #666; font-size: 12px; }
tr.marked td, tr.marked + tr.note td { background: #fdf4f3; }
tr.note td { color: #666; font-size: 12px; padding-top: 0; }
.full td:last-child { white-space: nowrap; }
.full tr:has(+ tr.note) td { border-bottom: 0; }
.wide { overflow-x: auto; }
.summary { min-width: 60%; font-size: 13px; }
.summary th, .summary td { padding: 4px 7px; }
.summary small { font-size: 11px; }
.at { white-space: nowrap; }
.summary td { white-space: nowrap; }
.summary th { white-space: nowrap; }
.definitions td, .provenance td { overflow-wrap: anywhere; }
.definitions td:nth-child(-n+3) { white-space: nowrap; }
.badge { display: inline-block; font-size: 12px; line-height: 1.35; padding: 1px 7px; border-radius: 9px; }
.badge.bad { background: #b3261e; color: #fff; }
.badge.none { background: #e6e6e6; color: #444; }
.ok { color: #2e6b34; }
.doubt { color: #8a8a8a; font-style: italic; }
.far { color: #b3261e; }
details { margin: 10px 0; }
summary { cursor: pointer; color: #1f5fa8; font-size: 14px; }
pre { font: 12.5px/1.45 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; background: #f7f7f7;
      border: 1px solid #e2e2e2; padding: 10px 14px; margin: 10px 0; white-space: pre-wrap; overflow-wrap: anywhere; }
footer { margin-top: 44px; padding-top: 4px; border-top: 1px solid #d0d0d0; font-size: 13px; }
@media (max-width: 800px) { .pair { grid-template-columns: 1fr; } .grid { grid-template-columns: repeat(2, 1fr); } }
@media print { main { max-width: none; padding: 0; } body { font-size: 12px; } h2 { break-after: avoid; }
               .badge, .statements, .failure, tr.marked td, tr.marked + tr.note td { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
               nav { display: none; } }
)css";
}

}  // namespace vitrum::report
