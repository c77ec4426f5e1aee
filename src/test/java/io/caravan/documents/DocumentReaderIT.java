package io.caravan.documents;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reads documents in the process of its own that the gateway uses. */
@Timeout(300)
class DocumentReaderIT {
  private static final DocumentLimits LIMITS =
      new DocumentLimits(100, 300_000, 2, Duration.ofSeconds(90));
  private static final String PDF = "application/pdf";
  private static final Map<String, byte[]> BOMBS = TestPdfs.bombs();

  private final DocumentReader reader = new DocumentReader();

  @AfterEach
  void stop() {
    reader.close();
  }

  private List<String> texts(byte[] bytes, String type) throws DocumentException {
    return reader.read(bytes, type, LIMITS).pages().stream().map(ReadDocument.Page::text).toList();
  }

  @Test
  void readsPagesWithTheirLines() throws DocumentException {
    ReadDocument read =
        reader.read(TestPdfs.pages(List.of("First page\nof two lines", "The second")), PDF, LIMITS);

    assertThat(read.pageCount()).isEqualTo(2);
    assertThat(read.end()).isNull();
    assertThat(read.pages())
        .extracting(ReadDocument.Page::text)
        .containsExactly("First page\nof two lines", "The second");
    assertThat(read.pages()).allMatch(page -> page.scan() == null);
  }

  @Test
  void keepsTheCellsOfATableApart() throws DocumentException {
    byte[] table =
        TestPdfs.pages(List.of("Name\tPrice\tStock\nGreen tea\t3.50\t12\nCoffee\t4.20\t7"));

    assertThat(texts(table, PDF))
        .containsExactly("Name | Price | Stock\nGreen tea | 3.50 | 12\nCoffee | 4.20 | 7");
  }

  @Test
  void makesAnImageOfAPageWithoutText() throws Exception {
    ReadDocument read = reader.read(TestPdfs.scan(), PDF, LIMITS);

    assertThat(read.pages()).hasSize(1);
    assertThat(read.pages().get(0).text()).isEmpty();
    var image = ImageIO.read(new ByteArrayInputStream(read.pages().get(0).scan()));
    assertThat(image.getHeight()).isEqualTo(1568);
    DocumentLimits noScans = new DocumentLimits(100, 300_000, 0, Duration.ofSeconds(90));
    assertThat(reader.read(TestPdfs.scan(), PDF, noScans).pages().get(0).scan()).isNull();
  }

  @Test
  void readsOnlySoManyOf2000Pages() throws DocumentException {
    byte[] long2000 =
        TestPdfs.pages(IntStream.rangeClosed(1, 2_000).mapToObj(i -> "Page no. " + i).toList());

    ReadDocument read = reader.read(long2000, PDF, LIMITS);

    assertThat(read.pageCount()).isEqualTo(2_000);
    assertThat(read.pages()).hasSize(100);
    assertThat(read.pages().get(99).text()).isEqualTo("Page no. 100");
    assertThat(read.end()).isEqualTo("no more than 100 pages of a document are read");
  }

  @Test
  void readsOnlySoManyCharacters() throws DocumentException {
    byte[] pdf = TestPdfs.pages(Collections.nCopies(5, "some words in a line"));

    ReadDocument read =
        reader.read(pdf, PDF, new DocumentLimits(100, 50, 0, Duration.ofSeconds(90)));

    assertThat(read.pages()).hasSize(3);
    assertThat(read.end()).isEqualTo("no more than 50 characters of a document are read");
  }

  private void refuses(byte[] document, String reason) {
    assertThatThrownBy(() -> reader.read(document, PDF, LIMITS))
        .isInstanceOf(DocumentException.class)
        .hasMessage(reason);
  }

  /** The next document is read by a new process. */
  private void assertReads() throws DocumentException {
    assertThat(texts(TestPdfs.pages(List.of("well")), PDF)).containsExactly("well");
  }

  @Test
  void outlivesAStreamThatFillsTheMemory() throws DocumentException {
    refuses(TestPdfs.hugeStream(400), "it needs more memory than a document may have");
    assertReads();
  }

  @Test
  void outlivesAPageWithoutAnEnd() throws DocumentException {
    DocumentLimits tenSeconds = new DocumentLimits(100, 300_000, 0, Duration.ofSeconds(10));

    ReadDocument read = reader.read(TestPdfs.endlessText(200), PDF, tenSeconds);

    assertThat(read.end())
        .isIn(
            "no more than 300000 characters of a document are read", "reading them took too long");
    assertReads();
  }

  private static Set<String> bombs() {
    return BOMBS.keySet();
  }

  /** Each is small, and has no text, so that it is drawn. */
  @ParameterizedTest
  @MethodSource("bombs")
  void outlivesABomb(String name) throws DocumentException {
    DocumentLimits short3 = new DocumentLimits(100, 300_000, 2, Duration.ofSeconds(3));
    long begin = System.nanoTime();
    try {
      ReadDocument read = reader.read(BOMBS.get(name), PDF, short3);
      assertThat(read.pages()).hasSizeLessThanOrEqualTo(100);
    } catch (DocumentException e) {
      assertThat(e)
          .message()
          .isIn(
              "it is malformed",
              "it is nested too deeply",
              "it has no pages",
              "it needs more memory than a document may have",
              "reading it took too long");
    }
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    assertThat(took).isLessThan(Duration.ofSeconds(15));
    assertReads();
  }

  @Test
  void outlivesDeepNesting() throws DocumentException {
    for (byte[] deep : List.of(TestPdfs.deepObject(200_000), TestPdfs.deep(2_000_000))) {
      try {
        assertThat(reader.read(deep, PDF, LIMITS).pages()).allMatch(page -> page.text().isEmpty());
      } catch (DocumentException e) {
        assertThat(e)
            .message()
            .isIn(
                "it is nested too deeply",
                "it is malformed",
                "it has no pages",
                "it needs more memory than a document may have");
      }
      assertReads();
    }
  }

  @Test
  void endsAtItsTime() throws DocumentException {
    DocumentLimits shortTime = new DocumentLimits(100, 300_000, 0, Duration.ofMillis(1));

    assertThatThrownBy(() -> reader.read(TestPdfs.pages(List.of("well")), PDF, shortTime))
        .hasMessage("reading it took too long");
    assertReads();
  }

  @Test
  void saysWhatIsWrong() throws DocumentException {
    byte[] good = TestPdfs.pages(List.of("well"));

    refuses("no PDF at all".getBytes(UTF_8), "it is malformed");
    refuses(new byte[0], "it is malformed");
    refuses(TestPdfs.encrypted(), "it is protected by a password");
    refuses(Arrays.copyOf(good, 60), "it is malformed");
    assertReads();
  }

  @Test
  void readsTextAndHtml() throws DocumentException {
    String html =
        "<html><head><style>p{}</style><script>alert(1)</script></head><body><h1>Title</h1>"
            + "<p>A <b>bold</b> <a href=\"https://a.test/\">link</a></p>"
            + "<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table></body></html>";

    String markdown = texts(html.getBytes(UTF_8), "text/html").get(0);

    assertThat(markdown)
        .contains("Title", "**bold**", "[link](https://a.test/)")
        .containsPattern("\\| *1 *\\| *2 *\\|")
        .doesNotContain("alert", "p{}");
    assertThat(texts("größer".getBytes(UTF_8), "text/plain")).containsExactly("größer");
    assertThat(
            texts(
                "gr\u00f6\u00dfer".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1),
                "text/csv"))
        .containsExactly("größer");
  }

  @Test
  void endsWhenItIsNotUsed() throws DocumentException {
    reader.setIdle(Duration.ofMillis(50));
    assertThat(reader.isRunning()).isFalse();

    assertReads();

    await().until(() -> !reader.isRunning());
    assertReads();
  }

  /**
   * The bound is for a machine of its own; two cores shared with other tests get ten times as long.
   */
  @Test
  void reads20PagesInTime() throws DocumentException {
    String line = "The quick brown fox jumps over the lazy dog and runs away again, twice.";
    byte[] pdf =
        TestPdfs.pages(Collections.nCopies(20, String.join("\n", Collections.nCopies(50, line))));
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      long start = System.nanoTime();
      assertThat(reader.read(pdf, PDF, LIMITS).pages()).hasSize(20);
      best = Math.min(best, System.nanoTime() - start);
      System.out.printf(Locale.ROOT, "20 pages: %d ms%n", (System.nanoTime() - start) / 1_000_000);
    }

    assertThat(Duration.ofNanos(best)).isLessThan(Duration.ofSeconds(3));
  }
}
