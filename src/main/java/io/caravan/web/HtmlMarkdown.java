package io.caravan.web;

import com.vladsch.flexmark.html2md.converter.FlexmarkHtmlConverter;
import com.vladsch.flexmark.util.data.MutableDataSet;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;

/**
 * Makes Markdown out of a page's HTML, for a model to read: without scripts, styles and what a
 * reader of the page doesn't see, and with whole URLs in its links.
 */
public final class HtmlMarkdown {
  /** The parts of a page beside its text. */
  private static final String UNREAD =
      "script,style,noscript,template,svg,canvas,iframe,object,embed,form,button,input,select,"
          + "[hidden],[aria-hidden=true],[style~=(?i)display\\s*:\\s*none],"
          + "[style~=(?i)visibility\\s*:\\s*hidden],img[src^=data:]";

  /** The converter calls itself for each level, and no page that people read has so many. */
  private static final int DEEPEST = 200;

  private HtmlMarkdown() {}

  /**
   * Returns a page.
   *
   * @param url the URL that it came from
   */
  public static WebPage read(String html, String url) {
    Document document = Jsoup.parse(html, url);
    document.select(UNREAD).remove();
    for (Element link : document.select("a[href]")) {
      String target = link.absUrl("href");
      if (target.startsWith("http")) {
        link.attr("href", target);
      } else {
        link.removeAttr("href");
      }
    }
    String text = isDeep(document) ? document.text() : markdown(document);
    return new WebPage(url, document.title(), text);
  }

  private static String markdown(Document document) {
    MutableDataSet options = new MutableDataSet();
    options.set(FlexmarkHtmlConverter.OUTPUT_ATTRIBUTES_ID, false);
    options.set(FlexmarkHtmlConverter.SETEXT_HEADINGS, false);
    String html = document.body().html();
    return FlexmarkHtmlConverter.builder(options)
        .build()
        .convert(html)
        .replaceAll("\\n{3,}", "\n\n")
        .strip();
  }

  private static boolean isDeep(Document document) {
    int[] deepest = {0};
    document.traverse((Node node, int depth) -> deepest[0] = Math.max(deepest[0], depth));
    return deepest[0] > DEEPEST;
  }
}
