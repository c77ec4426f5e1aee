package io.caravan.translate.request.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.json.RawJson;
import io.caravan.provider.SchemaForm;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SchemaReducerTest {
  private final SchemaFitter fitter = new SchemaFitter();

  private FittedSchema reduce(String schema, SchemaForm form) {
    return fit(RawJson.of(schema.replace('\'', '"')), form);
  }

  private FittedSchema fit(RawJson schema, SchemaForm form) {
    return fitter.fit(schema, new SchemaRules(form, List.of(), false, List.of()));
  }

  private void check(String schema, String expected, SchemaForm form, boolean lost) {
    FittedSchema reduced = reduce(schema, form);
    assertThat(reduced.schema().toString().replace('"', '\'')).isEqualTo(expected);
    assertThat(reduced.lost()).isEqualTo(lost);
  }

  @Test
  void leavesASchemaAloneWhereAllOfJsonSchemaIsTaken() {
    RawJson schema = RawJson.of("{ \"$schema\":\"x\", \"required\":null }");
    assertThat(fit(schema, SchemaForm.FULL).schema()).isSameAs(schema);
  }

  @Test
  void leavesASchemaAloneThatFits() {
    RawJson schema =
        RawJson.of(
            "{ \"type\":\"object\", \"properties\":{\"a\":{\"type\":\"string\",\"pattern\":\"^a\"}},"
                + "\"required\":[\"a\"]}");
    assertThat(fit(schema, SchemaForm.REDUCED).schema()).isSameAs(schema);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'$schema':'x','$id':'y','type':'string'}|{'type':'string'}|false",
        "{'type':'object','required':null}|{'type':'object'}|false",
        "{'type':'object'}|{'type':'object'}|false",
        "{'type':'object','properties':null}|{'type':'object'}|false",
        "{'type':'array'}|{'type':'array','items':{}}|false",
        "{'type':'object','properties':{'a':{'type':'object'}}}"
            + "|{'type':'object','properties':{'a':{'type':'object'}}}|false",
        "{'type':'array','items':true}|{'type':'array','items':{}}|false",
        "{'type':'array','items':false}|{'type':'array','items':{}}|true",
        "{'type':'array','prefixItems':[true,{'type':'string'}],'items':false}"
            + "|{'type':'array','prefixItems':[{},{'type':'string'}]}|false",
        "{'type':'array','items':[{'type':'string'},false]}"
            + "|{'type':'array','items':{'anyOf':[{'type':'string'}]}}|true",
        "{'type':'object','properties':{'a':true,'b':{'pattern':'(a)\\\\1'}}}"
            + "|{'type':'object','properties':{'a':{},'b':{}}}|true",
        "{'properties':{'a':false,'b':{}},'required':['a','b']}"
            + "|{'properties':{'b':{}},'required':['b']}|false",
        "{'type':'object','properties':{'pattern':{'type':'string'}}}"
            + "|{'type':'object','properties':{'pattern':{'type':'string'}}}|false",
        "{'type':'object','properties':{'a':{}},'additionalProperties':{'type':'string'}}"
            + "|{'type':'object','properties':{'a':{}}}|true",
        "{'type':'object','properties':{'a':{}},'additionalProperties':false}"
            + "|{'type':'object','properties':{'a':{}}}|false",
        "{'type':'object','properties':{'a':{}},'additionalProperties':true}"
            + "|{'type':'object','properties':{'a':{}},'additionalProperties':{}}|false",
        "{'type':'object','additionalProperties':false}|{'type':'object','properties':{}}|false",
        "{'type':'object','unevaluatedProperties':false}|{'type':'object'}|false",
        "{'type':'object','additionalProperties':{'type':'string','$id':'x'}}"
            + "|{'type':'object','additionalProperties':{'type':'string'}}|false",
        "{'anyOf':[{'type':'string'},false]}|{'anyOf':[{'type':'string'}]}|false",
        "{'anyOf':[{'type':'string'},true]}|{}|false",
        "{'oneOf':[false]}|{}|true",
        "{'allOf':[true,{'type':'string'}]}|{'allOf':[{'type':'string'}]}|false",
        "{'type':'string','not':false}|{'type':'string'}|false",
        "{'type':'string','not':true}|{'type':'string'}|true",
        "{'type':'object','propertyNames':true}|{'type':'object'}|false",
        "{'patternProperties':{'^\\\\p{Zl}$':true,'^(a)\\\\1$':{}}}"
            + "|{'patternProperties':{'^[\\\\u2028]$':{}}}|true",
        "{'type':'boolean','default':false,'enum':[true,false],'const':true}"
            + "|{'type':'boolean','default':false,'enum':[true,false],'const':true}|false",
        "{'$defs':{'A':{'required':null}},'anyOf':[{'$ref':'#/$defs/A'},{'type':'null'}]}"
            + "|{'$defs':{'A':{}},'anyOf':[{'$ref':'#/$defs/A'},{'type':'null'}]}|false",
        "{'const':null,'default':null,'description':null}|{'const':null,'default':null}|false",
        "{'minimum':1.50}|{'minimum':1.50}|false",
      })
  void reducesForMostServers(String schema, String expected, boolean lost) {
    check(schema, expected, SchemaForm.REDUCED, lost);
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
        "{'type':'object','properties':{'free':{'type':'object'},'none':{'type':'object','properties':{}}}}"
            + "|{'type':'object','properties':{'free':{'type':'object'},'none':{'type':'object'}}}|false",
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
    FittedSchema reduced = reduce(schema.append("'A40':{}}}").toString(), SchemaForm.GEMINI);
    assertThat(reduced.lost()).isTrue();
    assertThat(reduced.schema().length()).isLessThan(1_000_000);
  }

  @ParameterizedTest
  @EnumSource(SchemaForm.class)
  void takesNullWhereverAListOrANameMayStand(SchemaForm form) {
    // A member that is no name is the client's mistake: it is for the model server to refuse, never
    // a fault of ours.
    for (String keyword :
        List.of("required", "enum", "type", "anyOf", "allOf", "oneOf", "prefixItems", "examples")) {
      String schema =
          "{'type':'object','properties':{'a':{'type':['string',null],'%s':[null]},'b':null},'%s':[null,'a',7]}";
      fit(RawJson.of(schema.formatted(keyword, keyword).replace('\'', '"')), form);
    }
    check("{'type':'object','required':[null]}", "{'type':'object'}", SchemaForm.GEMINI, false);
  }
}
