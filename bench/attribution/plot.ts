// Plots of the scoreboard as SVG documents.

export { type Bar, type BarChartOptions, barChart } from "./plotBars.js";
export { type LineChartOptions, type LinePoint, lineChart } from "./plotLines.js";
