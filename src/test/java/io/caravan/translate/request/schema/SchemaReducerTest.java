package io.caravan.translate.request.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.json.RawJson;
import io.caravan.provider.SchemaForm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaReducerTest {
  private static SchemaReducer.Reduced reduce(String schema, SchemaForm form) {
    return SchemaReducer.reduce(RawJson.of(schema.replace('\'', '"')), form);
  }

  private static void check(String schema, String expected, SchemaForm form, boolean lost) {
    SchemaReducer.Reduced reduced = reduce(schema, form);
    assertThat(reduced.schema().toString().replace('"', '\'')).isEqualTo(expected);
    assertThat(reduced.lost()).isEqualTo(lost);
  }

  @Test
  void leavesASchemaAloneWhereAllOfJsonSchemaIsTaken() {
    RawJson schema = RawJson.of("{ \"$schema\":\"x\", \"required\":null }");
    assertThat(SchemaReducer.reduce(schema, SchemaForm.FULL).schema()).isSameAs(schema);
  }

  @Test
  void leavesASchemaAloneThatFits() {
    RawJson schema =
        RawJson.of(
            "{ \"type\":\"object\", \"properties\":{\"a\":{\"type\":\"string\",\"pattern\":\"^a\"}},"
                + "\"required\":[\"a\"],\"additionalProperties\":false}");
    assertThat(SchemaReducer.reduce(schema, SchemaForm.REDUCED).schema()).isSameAs(schema);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'$schema':'x','$id':'y','type':'string'}|{'type':'string'}|false",
        "{'type':'object','required':null}|{'type':'object','properties':{}}|false",
        "{'type':'object'}|{'type':'object','properties':{}}|false",
        "{'type':'array'}|{'type':'array','items':{}}|false",
        "{'type':'array','items':true}|{'type':'array','items':{}}|false",
        "{'type':'array','items':[{'type':'string'},false]}"
            + "|{'type':'array','items':{'anyOf':[{'type':'string'},{}]}}|true",
        "{'type':'object','properties':{'a':true,'b':{'pattern':'(?=x)'}}}"
            + "|{'type':'object','properties':{'a':{},'b':{}}}|true",
        "{'type':'object','properties':{'pattern':{'type':'string'}}}"
            + "|{'type':'object','properties':{'pattern':{'type':'string'}}}|false",
        "{'type':'object','properties':{'a':{}},'additionalProperties':{'type':'string'}}"
            + "|{'type':'object','properties':{'a':{}}}|true",
        "{'type':'object','additionalProperties':{'type':'string','$id':'x'}}"
            + "|{'type':'object','additionalProperties':{'type':'string'},'properties':{}}|false",
        "{'$defs':{'A':{'required':null}},'anyOf':[{'$ref':'#/$defs/A'},{'type':'null'}]}"
            + "|{'$defs':{'A':{}},'anyOf':[{'$ref':'#/$defs/A'},{'type':'null'}]}|false",
        "{'const':null,'default':null,'description':null}|{'const':null,'default':null}|false",
        "{'minimum':1.50}|{'minimum':1.50}|false",
      })
  void reducesForGrammarEngines(String schema, String expected, boolean lost) {
    check(schema, expected, SchemaForm.REDUCED, lost);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"^(?!a)b$", "^[\\p{L}]+$", "(a)\\1", "(?<name>a)", "(?i)a", "a{2,1}", "[", "*a"})
  void dropsPatternsThatNotEveryEngineUnderstands(String pattern) {
    assertThat(PortablePattern.is(pattern)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"^[a-z]+(?:-[a-z]+)*$", "\\d{4}-\\d\\d", "a|b", "\\\\p"})
  void keepsPatternsThatEveryEngineUnderstands(String pattern) {
    assertThat(PortablePattern.is(pattern)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'$schema':'x','type':'object','properties':{'a':{'type':'string','default':'b'}},"
            + "'additionalProperties':false}"
            + "|{'type':'object','properties':{'a':{'type':'string'}}}|false",
        "{'type':['string','null']}|{'nullable':true,'type':'string'}|false",
        "{'type':['string','integer']}|{'anyOf':[{'type':'string'},{'type':'integer'}]}|false",
        "{'const':'a'}|{'type':'string','enum':['a']}|false",
        "{'enum':[1,2],'type':'integer'}|{'type':'integer'}|true",
        "{'anyOf':[{'type':'string'},{'type':'null'}]}|{'nullable':true,'type':'string'}|false",
        "{'oneOf':[{'type':'string'},{'type':'number'}]}"
            + "|{'anyOf':[{'type':'string'},{'type':'number'}]}|false",
        "{'type':'integer','exclusiveMinimum':0}|{'type':'integer'}|true",
        "{'type':'string','format':'uri'}|{'type':'string'}|true",
        "{'type':'string','format':'date-time'}|{'type':'string','format':'date-time'}|false",
        "{'type':'object','properties':{'a':{'$ref':'#/$defs/A'}},"
            + "'$defs':{'A':{'type':'string','enum':['x']}}}"
            + "|{'type':'object','properties':{'a':{'type':'string','enum':['x']}}}|false",
        "{'type':'object','properties':{'a':{'$ref':'#','description':'again'}}}"
            + "|{'type':'object','properties':{'a':{'type':'object','description':'again'}}}|true",
        "{'type':'object','properties':{'a':{}},'required':['a','b']}"
            + "|{'type':'object','properties':{'a':{}},'required':['a']}|false",
        "{'allOf':[{'properties':{'a':{}},'required':['a']},{'properties':{'b':{}},"
            + "'required':['b']}],'type':'object'}"
            + "|{'properties':{'a':{},'b':{}},'required':['a','b'],'type':'object'}|true",
      })
  void reducesForGemini(String schema, String expected, boolean lost) {
    check(schema, expected, SchemaForm.GEMINI, lost);
  }

  @Test
  void staysSmallWhereReferencesMultiply() {
    StringBuilder schema = new StringBuilder("{'$ref':'#/$defs/A0','$defs':{");
    for (int i = 0; i < 40; i++) {
      String next = "{'$ref':'#/$defs/A" + (i + 1) + "'}";
      schema
          .append("'A" + i + "':{'type':'object','properties':{'a':" + next + ",'b':" + next)
          .append("}},");
    }
    SchemaReducer.Reduced reduced =
        reduce(schema.append("'A40':{}}}").toString(), SchemaForm.GEMINI);
    assertThat(reduced.lost()).isTrue();
    assertThat(reduced.schema().length()).isLessThan(1_000_000);
  }
}
