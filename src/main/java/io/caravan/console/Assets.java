package io.caravan.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The files of the page: its own, and the libraries that WebJars bring. */
final class Assets {
  private static final String OWN = "/io/caravan/console/";
  private static final String WEBJARS = "/META-INF/resources/webjars/";

  /** The files by their names, with their places in the class path. */
  private static final Map<String, String> FILES =
      Map.of(
          "console.js", OWN + "console.js",
          "console.css", OWN + "console.css",
          "lit-html.js", WEBJARS + "lit-html/3.3.1/lit-html.js",
          "uplot.js", WEBJARS + "uplot/1.6.30/dist/uPlot.esm.js",
          "uplot.css", WEBJARS + "uplot/1.6.30/dist/uPlot.min.css");

  private static final Map<String, byte[]> READ = new ConcurrentHashMap<>();

  private Assets() {}

  /** Returns the bytes of a file; null if there is none of that name. */
  static byte[] get(String name) {
    String place = FILES.get(name);
    return place == null ? null : READ.computeIfAbsent(place, Assets::read);
  }

  /** Returns the text of the page, without its data. */
  static byte[] page() {
    return READ.computeIfAbsent(OWN + "console.html", Assets::read);
  }

  static String typeOf(String name) {
    return name.endsWith(".css") ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8";
  }

  private static byte[] read(String place) {
    try (InputStream in = Assets.class.getResourceAsStream(place)) {
      if (in == null) {
        throw new IllegalStateException(place + " is not in the class path");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
