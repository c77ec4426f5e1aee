package io.caravan.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The cost of a request against one property of it, as a table and as a drawing of several. */
final class Plot {
  private static final int WIDTH = 380;
  private static final int HEIGHT = 240;
  private static final int MARGIN = 46;

  private record Point(int x, double millis) {}

  private final String label;
  private final List<Point> points = new ArrayList<>();
  private boolean sound = true;

  Plot(String label) {
    this.label = label;
  }

  void add(int x, double millis, boolean complete) {
    points.add(new Point(x, millis));
    sound &= complete;
  }

  /** Returns whether every response was complete. */
  boolean sound() {
    return sound;
  }

  /**
   * Returns the table in Markdown. The last column is the growth of the cost: 1 is that of the
   * property, less is slower.
   */
  String table() {
    StringBuilder table = new StringBuilder();
    table
        .append("| ")
        .append(label)
        .append(" | CPU per request (ms) | growth |\n|---:|---:|---:|\n");
    Point before = null;
    for (Point point : points) {
      String growth =
          before == null ? "" : String.format(Locale.ROOT, "%.2f", slope(before, point));
      table.append(
          String.format(Locale.ROOT, "| %,d | %.3f | %s |%n", point.x(), point.millis(), growth));
      before = point;
    }
    return table.toString();
  }

  /** Returns the exponent of the power law between two points. */
  private static double slope(Point a, Point b) {
    return Math.log(b.millis() / a.millis()) / Math.log((double) b.x() / a.x());
  }

  /** Returns one drawing of several plots, with logarithmic axes and a line of linear growth. */
  static String svg(List<Plot> plots) {
    StringBuilder svg = new StringBuilder();
    int rows = (plots.size() + 1) / 2;
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\""
                + " font-size=\"11\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
            2 * WIDTH,
            rows * HEIGHT));
    for (int i = 0; i < plots.size(); i++) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<g transform=\"translate(%d,%d)\">%n%s</g>%n",
              i % 2 * WIDTH,
              i / 2 * HEIGHT,
              plots.get(i).panel()));
    }
    return svg.append("</svg>\n").toString();
  }

  private String panel() {
    double left = Math.log10(points.get(0).x());
    double right = Math.log10(points.get(points.size() - 1).x());
    double low =
        Math.floor(points.stream().mapToDouble(p -> Math.log10(p.millis())).min().orElse(0));
    double high =
        Math.ceil(points.stream().mapToDouble(p -> Math.log10(p.millis())).max().orElse(1));
    StringBuilder lines = new StringBuilder();
    lines.append(text(WIDTH / 2.0, HEIGHT - 8, "middle", label));
    lines.append(text(4, 14, "start", "CPU per request, ms; dashed: linear"));
    for (double power = low; power <= high; power++) {
      double y = y(power, low, high);
      lines.append(line(MARGIN, y, WIDTH - 12.0, y, "#ddd", ""));
      lines.append(text(MARGIN - 4.0, y + 4, "end", label(Math.pow(10, power))));
    }
    StringBuilder curve = new StringBuilder();
    for (Point point : points) {
      double x = x(Math.log10(point.x()), left, right);
      double y = y(Math.log10(point.millis()), low, high);
      curve.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
      lines.append(
          String.format(
              Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"#06c\"/>%n", x, y));
      lines.append(text(x, HEIGHT - 24, "middle", label(point.x())));
    }
    lines
        .append("<polyline fill=\"none\" stroke=\"#06c\" stroke-width=\"2\" points=\"")
        .append(curve)
        .append("\"/>\n");
    double last = Math.log10(points.get(points.size() - 1).millis());
    double linear = Math.max(low, last - (right - left));
    double from = x(right - (last - linear), left, right);
    lines.append(
        line(
            from,
            y(linear, low, high),
            x(right, left, right),
            y(last, low, high),
            "#999",
            " stroke-dasharray=\"4\""));
    return lines.toString();
  }

  private static double x(double log, double left, double right) {
    return MARGIN + (log - left) / (right - left) * (WIDTH - MARGIN - 24);
  }

  private static double y(double log, double low, double high) {
    return HEIGHT - 40 - (log - low) / (high - low) * (HEIGHT - 64);
  }

  private static String label(double value) {
    return value >= 1 ? String.format(Locale.ROOT, "%,.0f", value) : String.valueOf(value);
  }

  private static String text(double x, double y, String anchor, String text) {
    return String.format(
        Locale.ROOT,
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n",
        x,
        y,
        anchor,
        text);
  }

  private static String line(
      double x1, double y1, double x2, double y2, String color, String more) {
    return String.format(
        Locale.ROOT,
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"%s/>%n",
        x1,
        y1,
        x2,
        y2,
        color,
        more);
  }
}
