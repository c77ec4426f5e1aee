package io.caravan.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ErrorBodiesTest {
  private static UpstreamError parse(int status, String body) {
    return ErrorBodies.parse(status, "application/json", body.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void openAisEnvelopeHasTypeCodeAndParam() {
    UpstreamError error =
        parse(
            400,
            "{\"error\":{\"message\":\"no\",\"type\":\"invalid_request_error\",\"param\":\"top_p\","
                + "\"code\":\"unsupported_value\"}}");

    assertThat(error)
        .isEqualTo(
            new UpstreamError(400, "invalid_request_error", "unsupported_value", "no", "top_p"));
  }

  @Test
  void theHttpStatusCountsBeforeTheBodys() {
    assertThat(parse(502, "{\"error\":{\"message\":\"x\",\"code\":429}}").status()).isEqualTo(502);
  }

  @Test
  void theBodysStatusCountsWhereHttpSaysThatAllIsWell() {
    assertThat(parse(200, "{\"error\":{\"message\":\"x\",\"code\":429}}").status()).isEqualTo(429);
    assertThat(parse(200, "{\"error\":{\"message\":\"x\",\"code\":\"503\"}}").status())
        .isEqualTo(503);
    assertThat(parse(200, "{\"error\":{\"message\":\"x\",\"code\":1302}}").status()).isEqualTo(200);
  }

  @Test
  void aProblemDocumentsTypeIsItsTitle() {
    UpstreamError error =
        parse(
            422,
            "{\"type\":\"urn:inference-service:problem-details:unprocessable-entity\","
                + "\"title\":\"Unprocessable Entity\",\"status\":422,\"detail\":\"why\"}");

    assertThat(error.type()).isEqualTo("Unprocessable Entity");
    assertThat(error.message()).isEqualTo("why");
  }

  @Test
  void aBareTitleIsTheMessage() {
    assertThat(parse(429, "{\"status\":429,\"title\":\"Too Many Requests\"}").message())
        .isEqualTo("Too Many Requests");
  }

  @Test
  void pydanticsListNamesEachFieldByItsPath() {
    UpstreamError error =
        parse(
            422,
            "{\"detail\":[{\"type\":\"extra_forbidden\",\"loc\":[\"body\",\"messages\",0,\"user\","
                + "\"name\"],\"msg\":\"Extra inputs are not permitted\"},{\"loc\":[\"body\"],"
                + "\"msg\":\"Field required\"}]}");

    assertThat(error.message())
        .isEqualTo("messages.0.user.name: Extra inputs are not permitted; Field required");
    assertThat(error.param()).isEqualTo("messages.0.user.name");
    assertThat(error.code()).isEqualTo("extra_forbidden");
  }

  @Test
  void pythonsReprIsReadAsTheListThatItPrints() {
    UpstreamError error =
        parse(
            400,
            "{\"error\":\"[{'type': 'extra_forbidden', 'loc': ('body', 'x'), 'msg': \\\"can't be\\\","
                + " 'input': None, 'ctx': {'n': -1.5e3, 'ok': True, 'one': ('a',)}}]\"}");

    assertThat(error.message()).isEqualTo("x: can't be");
  }

  @Test
  void aReprThatIsMoreThanDataIsLeftAsText() {
    String repr = "[{'msg': 'no', 'ctx': {'error': ValueError('x')}}]";

    assertThat(parse(400, "{\"error\":\"" + repr + "\"}").message()).isEqualTo(repr);
  }

  @Test
  void anErrorInTheMessageOfAnErrorIsUnwrapped() {
    UpstreamError error =
        parse(
            400,
            "{\"error\":{\"code\":400,\"status\":\"UPSTREAM_ERROR\",\"message\":\"{\\\"error\\\":"
                + "{\\\"code\\\":400,\\\"message\\\":\\\"inner\\\","
                + "\\\"status\\\":\\\"INVALID_ARGUMENT\\\"}}\"}}");

    assertThat(error.message()).isEqualTo("inner");
    assertThat(error.type()).isEqualTo("INVALID_ARGUMENT");
  }

  @Test
  void jsonThatAMessageIsAboutStaysInIt() {
    String message = "Failed to parse tool call arguments: {\"message\":\"hello\"}";

    assertThat(parse(500, "{\"error\":{\"message\":\"" + message.replace("\"", "\\\"") + "\"}}"))
        .extracting(UpstreamError::message)
        .isEqualTo(message);
  }

  @Test
  void cloudflaresListIsReadOfItsMessages() {
    assertThat(
            parse(
                    400,
                    "{\"success\":false,\"errors\":[{\"code\":7003,\"message\":\"No route\"},"
                        + "{\"code\":7000,\"message\":\"for that URI\"}]}")
                .message())
        .isEqualTo("No route; for that URI");
  }

  @Test
  void aPageIsItsTitle() {
    assertThat(
            ErrorBodies.parse(
                    502,
                    "text/html",
                    "<html><head><title>502 Bad &amp; ugly</title></head></html>"
                        .getBytes(StandardCharsets.UTF_8))
                .message())
        .isEqualTo("502 Bad & ugly");
  }

  @Test
  void aPageWithoutATitleIsItsText() {
    assertThat(parse(503, "<p>Down for <b>repairs</b></p>").message())
        .isEqualTo("Down for repairs");
  }

  @Test
  void alibabasStatusInAngleBracketsIsNoTag() {
    assertThat(parse(400, "<400> InternalError.Algo.InvalidParameter: x").message())
        .startsWith("<400> InternalError");
  }

  @Test
  void nothingIsAnEmptyMessage() {
    assertThat(parse(500, "")).isEqualTo(new UpstreamError(500, null, null, "", null));
  }

  @Test
  void jsonThatIsCutOffIsTextAsItCame() {
    assertThat(parse(500, "{\"error\":{\"message\":\"half").message())
        .isEqualTo("{\"error\":{\"message\":\"half");
  }

  @Test
  void aByteOrderMarkIsPassedOver() {
    assertThat(parse(400, "\uFEFF{\"message\":\"x\"}").message()).isEqualTo("x");
  }

  @Test
  void aFrameOfAStreamIsReadByItself() {
    assertThat(ErrorBodies.parse("{\"object\":\"error\",\"message\":\"x\",\"code\":400}"))
        .isEqualTo(new UpstreamError(400, null, "400", "x", null));
  }

  @Test
  void deepNestingEndsSomewhere() {
    String body = "{\"error\":".repeat(150) + "\"deep\"" + "}".repeat(150);

    assertThat(parse(500, body).message()).isNotEmpty();
  }

  @Test
  void aLongMessageIsCutBetweenCharacters() {
    UpstreamError error = parse(500, "{\"message\":\"" + "\ud83d\ude00".repeat(9000) + "\"}");

    assertThat(error.message()).hasSizeLessThanOrEqualTo(ErrorBodies.MAX_MESSAGE).endsWith("…");
    assertThat(Character.isHighSurrogate(error.message().charAt(error.message().length() - 2)))
        .isFalse();
  }

  @Property(tries = 300)
  void whateverComesIsReadIntoBoundedPrintableText(@ForAll("bodies") byte[] body) {
    UpstreamError error = ErrorBodies.parse(500, "application/json", body);

    assertThat(error.message()).hasSizeLessThanOrEqualTo(ErrorBodies.MAX_MESSAGE);
    assertThat(error.message().chars()).noneMatch(Character::isISOControl);
    assertThat(error.status()).isEqualTo(500);
  }

  @Provide
  Arbitrary<byte[]> bodies() {
    Arbitrary<byte[]> noise = Arbitraries.bytes().array(byte[].class).ofMaxSize(300);
    Arbitrary<byte[]> almost =
        Arbitraries.of(
                "{",
                "}",
                "[",
                "]",
                "\"error\":",
                "\"message\":",
                "\"x\"",
                ",",
                "{\\\"error\\\":",
                "'",
                "(",
                ")",
                "'loc': ",
                "'msg': ",
                "None",
                "400",
                "data: ",
                "\n",
                "<",
                "<title>",
                "\\")
            .list()
            .ofMaxSize(40)
            .map(parts -> String.join("", parts).getBytes(StandardCharsets.UTF_8));
    return Arbitraries.oneOf(noise, almost);
  }
}
