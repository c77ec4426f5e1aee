package io.caravan.provider.learned;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.openai.UpstreamError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaComplaintTest {
  private static SchemaComplaint of(int status, String message) {
    return SchemaComplaint.of(new UpstreamError(status, null, null, message, null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          400|Invalid schema for function 'Artifact': '^[^\\p{Cc}]$' is not a 'regex'.|pattern,patternProperties
          400|Invalid schema for function 'f': In context=('properties', 'a'), 'oneOf' is not permitted.|oneOf
          400|tools.function.parameters is not a valid moonshot flavored json schema, details: <At path 'root': when using anyOf, type should be defined in anyOf items instead of the parent schema>|anyOf
          400|Grammar error: Unimplemented keys: ["propertyNames"]|propertyNames
          500|Grammar error: Unknown format: uri|format
          400|Failed to initialize samplers: failed to parse grammar|
          400|Unable to generate parser for this template. JSON schema conversion failed: Unrecognized schema: true|
          500|Internal server error: unhashable type: 'dict'|
          500|Internal server error: unhashable type: 'list'|
          500|argument of type 'bool' is not iterable|
          400|Unknown name "const" at 'tools[0].function_declarations[0].parameters.properties[0].value': Cannot find field.|const
          400|The provided JSON schema contains features not supported by xgrammar.|
          400|regex parse error: look-around, including look-ahead and look-behind, is not supported|pattern,patternProperties
          422|tools.0.function.parameters.properties.a.additionalProperties: Input should be a valid dictionary|additionalProperties
          400|boolean subschemas are not allowed|
          400|tools[3].function.parameters.properties: Required|
          400|Schema validation error: 'minLength' unsupported|minLength
          """)
  void readsEachServersWords(int status, String message, String keywords) {
    SchemaComplaint complaint = of(status, message);
    assertThat(complaint).isNotNull();
    assertThat(String.join(",", complaint.keywords())).isEqualTo(keywords == null ? "" : keywords);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "response_format: 'json_schema' is not supported with this model",
        "This response_format type is unavailable now",
        "max_tokens must be <= 16384",
        "Unsupported parameter(s): reasoning_effort",
        "tools.0.function.strict: Extra inputs are not permitted",
        "This model's maximum context length is 32768 tokens",
        "System role not supported",
        "model not found",
      })
  void leavesOtherRefusalsAlone(String message) {
    assertThat(of(400, message)).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 429, 502, 503, 529})
  void onlyARefusalOfTheRequestCounts(int status) {
    assertThat(of(status, "Invalid schema for function 'f'")).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Invalid schema for function 'a': In context=(), object schema missing properties",
        "[{\"path\": [72, \"function\", \"parameters\", \"properties\"], \"message\": \"Required\"}]",
        "tools[3].function.parameters.properties: Required",
      })
  void knowsThatPropertiesAreMissing(String message) {
    assertThat(of(400, message).missingProperties()).isTrue();
  }

  @Test
  void aNameBesideTheMessageIsEnough() {
    assertThat(
            SchemaComplaint.of(
                new UpstreamError(400, null, "invalid_function_parameters", "no", "tools[1]")))
        .isNotNull();
    assertThat(
            SchemaComplaint.of(
                new UpstreamError(400, null, null, "no", "tools[1].function.parameters")))
        .isNotNull();
  }
}
