package io.caravan.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HtmlMarkdownTest {
  private static WebPage read(String html) {
    return HtmlMarkdown.read(html, "https://a.example/dir/page");
  }

  @Test
  void keepsTheFormOfThePage() {
    WebPage page =
        read(
            "<title>T</title><h1>Head</h1><p>A <a href='../x'>link</a> and <b>more</b>.</p>"
                + "<ul><li>one<li>two</ul><pre><code>x = 1\n</code></pre>"
                + "<table><tr><th>a<th>b<tr><td>1<td>2</table>");

    assertThat(page.title()).isEqualTo("T");
    assertThat(page.text())
        .contains("# Head", "[link](https://a.example/x)", "**more**", "* one", "x = 1")
        .contains("| 1 ");
  }

  @Test
  void leavesOutWhatNobodySees() {
    WebPage page =
        read(
            "<p>Seen.</p><script>secret1()</script><style>.secret2{}</style>"
                + "<p style='display: none'>secret3</p><p hidden>secret4</p><!-- secret5 -->"
                + "<a href='javascript:secret6()'>Click</a><img src='data:image/png;base64,secret7'>");

    assertThat(page.text()).contains("Seen.", "Click").doesNotContain("secret");
  }

  @Test
  void aPageOfManyLevelsIsReadAsText() {
    WebPage page = read("<div>".repeat(20_000) + "deep" + "</div>".repeat(20_000));

    assertThat(page.text()).contains("deep");
  }
}
