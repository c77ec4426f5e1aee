package io.caravan.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.anthropic.Block;
import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.Source;
import io.caravan.json.JsonText;
import io.caravan.json.RawJson;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class JtokkitTokenCounterTest {
  private static final String SCHEMA =
      "{\"type\":\"object\",\"properties\":{\"path\":{\"type\":\"string\"}},\"required\":[\"path\"]}";

  private final JtokkitTokenCounter counter = Counters.bare();

  private long count(Requests request) {
    return counter.count(request.build(), "");
  }

  private static long tokens(String... texts) {
    long total = 0;
    for (String text : texts) {
      total += Counters.reference(text);
    }
    return total;
  }

  @Test
  void countsEachTextOfARequest() {
    Requests request =
        Requests.request()
            .system("You are an agent.", "Answer in English.")
            .user(new Block.Text("Read the file, please."))
            .assistant(
                new Block.Thinking("The user wants a file.", "c2lnbmF0dXJl"),
                new Block.Text("Reading it."),
                new Block.ToolUse("toolu_1", "Read", RawJson.of("{\"path\":\"/etc/hosts\"}")))
            .user(
                new Block.ToolResult(
                    "toolu_1", List.of(new Block.Text("127.0.0.1 localhost")), false),
                new Block.Text("And now?"))
            .tool("Read", "Reads a file.", SCHEMA)
            .outputSchema("{\"type\":\"array\"}");

    assertThat(count(request))
        .isEqualTo(
            tokens(
                "You are an agent.",
                "Answer in English.",
                "Read the file, please.",
                "The user wants a file.",
                "Reading it.",
                "Read",
                "{\"path\":\"/etc/hosts\"}",
                "127.0.0.1 localhost",
                "And now?",
                "Read",
                "Reads a file.",
                SCHEMA,
                "{\"type\":\"array\"}"));
  }

  @Test
  void addsWhatChatTemplatesWriteAroundTheTexts() {
    JtokkitTokenCounter framed = new JtokkitTokenCounter();
    MessagesRequest request =
        Requests.request()
            .system("a")
            .user(new Block.Text("a"))
            .assistant(new Block.ToolUse("toolu_1", "a", RawJson.of("{}")))
            .user(new Block.ToolResult("toolu_1", List.of(new Block.Text("a")), false))
            .tool("a", "a", "{}")
            .tool("a", "a", "{}")
            .build();

    assertThat(framed.count(request, "") - counter.count(request, ""))
        .isEqualTo(10 + 4 * 5 + 250 + 2 * 60 + 16 + 12);
  }

  @Test
  void givesAnExampleOfAnthropicsDocumentationALittleMoreThanItSays() {
    // platform.claude.com, "Token counting": 14 tokens.
    MessagesRequest request =
        Requests.request()
            .system("You are a scientist")
            .user(new Block.Text("Hello, Claude"))
            .build();

    assertThat(new JtokkitTokenCounter().count(request, "")).isBetween(14L, 30L);
  }

  @Test
  void leavesOutTheBillingHeaderThatIsNotSentUpstream() {
    String header = "x-anthropic-billing-header: cc_version=2.1.330.abc; cc_entrypoint=cli;";

    assertThat(count(Requests.request().system(header, "You are an agent.")))
        .isEqualTo(tokens("You are an agent."));
    assertThat(new JtokkitTokenCounter().count(Requests.request().system(header).build(), ""))
        .isEqualTo(new Framing().getRequest());
  }

  @Test
  void leavesOutDeferredToolsThatAreNotLoaded() {
    Requests request =
        Requests.request()
            .user(new Block.Text("hi"))
            .deferredTool("DeferredToolPlaceholder", "Never call this tool.", SCHEMA)
            .deferredTool("WebFetch", "Fetches a page.", SCHEMA);

    assertThat(count(request)).isEqualTo(tokens("hi"));
    assertThat(new JtokkitTokenCounter().count(request.build(), ""))
        .isEqualTo(10 + 5 + tokens("hi"));
  }

  @Test
  void countsADeferredToolOnceAResultRefersToIt() {
    Requests request =
        Requests.request()
            .user(
                new Block.ToolResult(
                    "toolu_1", List.of(new Block.ToolReference("WebFetch")), false))
            .deferredTool("WebFetch", "Fetches a page.", SCHEMA)
            .deferredTool("WebSearch", "Searches.", SCHEMA);

    assertThat(count(request)).isEqualTo(tokens("WebFetch", "WebFetch", "Fetches a page.", SCHEMA));
  }

  @Test
  void countsABuiltInToolByItsDeclarationAndWhatItStandsFor() {
    counter.getFraming().setBuiltInTool(250);

    assertThat(count(Requests.request().builtInTool("bash_20250124", "bash")))
        .isEqualTo(250 + tokens("{\"type\":\"bash_20250124\",\"name\":\"bash\"}"));
  }

  @Test
  void neverCountsTheBase64TextOfAnImage() {
    String png = "89504e470d0a1a0a0000000d49484452000002300000011808060000" + "00".repeat(200_000);
    String data = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(png));
    Block image =
        new Block.Image(
            new Source(Source.Kind.BASE64, "image/png", JsonText.of(data), null, null, List.of()));

    assertThat(count(Requests.request().user(image))).isEqualTo(20 * 10);
    assertThat(
            count(Requests.request().user(new Block.ToolResult("toolu_1", List.of(image), false))))
        .isEqualTo(20 * 10);
  }

  @Test
  void takesTheTokensOfAPdfFromItsSize() {
    assertThat(count(pdf(100))).isEqualTo(2_000);
    assertThat(count(pdf(200_000))).isEqualTo(3 * 2_000);
    assertThat(count(pdf(20_000_000))).isEqualTo(100 * 2_000);
  }

  private static Requests pdf(int base64Length) {
    Source source =
        new Source(
            Source.Kind.BASE64,
            "application/pdf",
            JsonText.of("A".repeat(base64Length)),
            null,
            null,
            List.of());
    return Requests.request().user(new Block.Document(source, null, null));
  }

  @Test
  void countsTheTextsOfDocumentsAndSearchResults() {
    Source text =
        new Source(Source.Kind.TEXT, "text/plain", JsonText.of("Chapter 1"), null, null, List.of());
    Source content =
        new Source(
            Source.Kind.CONTENT, null, null, null, null, List.of(new Block.Text("Chapter 2")));
    Source url =
        new Source(Source.Kind.URL, null, null, "https://example.com/a.pdf", null, List.of());
    Requests request =
        Requests.request()
            .user(
                new Block.Document(text, "Title", "Context"),
                new Block.Document(content, null, null),
                new Block.Document(url, null, null),
                new Block.SearchResult(
                    "https://example.com", "Found", List.of(new Block.Text("Passage"))));

    assertThat(count(request))
        .isEqualTo(
            2_000
                + tokens(
                    "Title",
                    "Context",
                    "Chapter 1",
                    "Chapter 2",
                    "https://example.com",
                    "Found",
                    "Passage"));
  }

  @Test
  void countsABlockOfAnyOtherKindByItsJson() {
    String json =
        "{\"type\":\"server_tool_use\",\"id\":\"srvtoolu_1\",\"name\":\"web_search\",\"input\":{}}";

    assertThat(count(Requests.request().user(new Block.Other("server_tool_use", RawJson.of(json)))))
        .isEqualTo(tokens(json));
  }

  @Test
  void leavesOutWhatOnlyAnotherServerCanRead() {
    assertThat(
            count(
                Requests.request()
                    .assistant(
                        new Block.RedactedThinking("A".repeat(1_000)),
                        new Block.Thinking("", "A".repeat(1_000)))))
        .isZero();
  }

  @Test
  void givesTheSameNumberFromTheCache() {
    Requests request =
        Requests.request()
            .system("Be brief. ".repeat(50))
            .user(new Block.Text("語".repeat(100)))
            .tool("Read", "Reads a file. ".repeat(20), SCHEMA);
    long cold = count(request);
    long misses = counter.getCacheMisses();

    assertThat(count(request)).isEqualTo(cold);
    assertThat(counter.getCacheHits()).isEqualTo(4);
    assertThat(counter.getCacheMisses()).isEqualTo(misses).isEqualTo(4);
    assertThat(counter.getCacheEntries()).isEqualTo(4);
  }

  @Test
  void findsJsonWhereverItIsInItsBuffer() {
    String input = "{\"path\":\"" + "a/b/".repeat(30) + "\"}";
    byte[] buffer = ("xyz" + input + "tail").getBytes(StandardCharsets.UTF_8);
    RawJson slice = new RawJson(buffer, 3, input.length());
    counter.count(call(RawJson.of(input)), "");

    assertThat(counter.count(call(slice), "")).isEqualTo(tokens("Read", input));
    assertThat(counter.getCacheHits()).isEqualTo(1);
  }

  private static MessagesRequest call(RawJson input) {
    return Requests.request().assistant(new Block.ToolUse("toolu_1", "Read", input)).build();
  }

  @Test
  void usesNoTenantsCountsForAnother() {
    MessagesRequest request =
        Requests.saying("A secret that is long enough to be kept. ".repeat(3));
    long first = counter.count(request, "tenant-1");

    assertThat(counter.count(request, "tenant-2")).isEqualTo(first);
    assertThat(counter.getCacheHits()).isZero();
    assertThat(counter.getCacheMisses()).isEqualTo(2);
    counter.count(request, "tenant-1");
    assertThat(counter.getCacheHits()).isEqualTo(1);
  }

  @Test
  void keepsNoCountOfAShortText() {
    counter.setCacheMinLength(20);
    count(Requests.request().user(new Block.Text("x".repeat(19))));
    assertThat(counter.getCacheEntries()).isZero();

    count(Requests.request().user(new Block.Text("x".repeat(20))));
    assertThat(counter.getCacheEntries()).isEqualTo(1);
  }

  @Test
  void countsWithoutACache() {
    counter.setCacheSize(0);
    String text = "No room. ".repeat(30);

    assertThat(count(Requests.request().user(new Block.Text(text)))).isEqualTo(tokens(text));
    assertThat(count(Requests.request().user(new Block.Text(text)))).isEqualTo(tokens(text));
  }

  @Test
  void estimatesWhatIsOverTheExactLimitTheSameFromTheCache() {
    counter.setExactLimit(10_000);
    String first = "The first text is counted exactly. ".repeat(200);
    String second = "The second is over the limit, so it's sampled. ".repeat(800);
    Requests request = Requests.request().user(new Block.Text(first), new Block.Text(second));
    long cold = count(request);

    assertThat(cold).isCloseTo(tokens(first, second), Percentage.withPercentage(5));
    assertThat(counter.getSampledTexts()).isEqualTo(1);
    assertThat(count(request)).isEqualTo(cold);
    assertThat(counter.getSampledTexts()).isEqualTo(1);
  }

  @Test
  void doesNotTakeASampleForAnExactCount() {
    counter.setExactLimit(10_000);
    String text = "Same words here and there, " + "again and again. ".repeat(300);
    String filler = "x ".repeat(4_900);
    count(Requests.request().user(new Block.Text(filler), new Block.Text(text)));

    assertThat(counter.getSampledTexts()).isEqualTo(1);
    assertThat(count(Requests.request().user(new Block.Text(text)))).isEqualTo(tokens(text));
  }

  @Test
  void toleratesWhatARequestMayLeaveOut() {
    MessagesRequest nothing =
        new MessagesRequest(
            null, null, false, null, null, null, null, null, null, null, null, null, null, null,
            null, null, null);
    Requests halves =
        Requests.request()
            .user(
                new Block.Text((JsonText) null),
                new Block.Image(null),
                new Block.Document(null, null, null),
                new Block.ToolResult(null, null, false),
                new Block.ToolUse(null, null, null),
                new Block.Other("x", null))
            .tool(null, null, null);

    assertThat(counter.count(nothing, null)).isZero();
    assertThat(count(halves)).isEqualTo(1_600 + 2_000);
  }

  @Test
  void countsInTheEncodingThatIsAskedFor() {
    counter.setEncoding("o200k_base");
    String text = "日本語の文章を数える。";

    assertThat(count(Requests.request().user(new Block.Text(text)))).isLessThan(tokens(text));
  }

  @Test
  void refusesAnEncodingThatDoesNotExist() {
    counter.setEncoding("cl200k");

    assertThatThrownBy(counter::load).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(counter::warmUp)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cl200k");
  }

  @Test
  void warmsUpWithoutATraceInTheCache() {
    counter.warmUp();
    counter.warmUp();

    assertThat(counter.getCacheEntries()).isZero();
    assertThat(counter.getCacheMisses()).isZero();
    assertThat(count(Requests.request().user(new Block.Text("hi")))).isEqualTo(tokens("hi"));
  }

  @Property(tries = 200)
  void oneMoreBlockNeverLowersTheCount(@ForAll("texts") List<String> texts) {
    Requests request = Requests.request();
    long before = count(request);
    for (String text : texts) {
      request.user(new Block.Text(text));
      long after = count(request);
      assertThat(after).isEqualTo(before + tokens(text));
      before = after;
    }
  }

  @Provide
  Arbitrary<List<String>> texts() {
    Arbitrary<String> words =
        Arbitraries.of("fish", " <|endoftext|>", "isn't", "42", "日本", "\n\n", "é", "🙂", "  ")
            .list()
            .ofMaxSize(60)
            .map(list -> String.join("", list));
    return words.list().ofMaxSize(6);
  }
}
