package io.caravan.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelListTest {
  private static ModelList.Page page(String json) {
    return ModelList.page(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private static List<ModelList.Entry> parse(String json) {
    return page(json).entries();
  }

  @Test
  void readsSizesInEachServersWords() {
    assertThat(
            parse(
                """
                {'object':'list','data':[
                  {'id':'vllm','max_model_len':32768},
                  {'id':'groq','context_window':131072,'max_completion_tokens':8192},
                  {'id':'openrouter','context_length':200000,
                    'top_provider':{'context_length':128000,'max_completion_tokens':16384}},
                  {'id':'mistral','max_context_length':262144},
                  {'id':'llamacpp','meta':{'n_ctx':65536,'n_ctx_train':131072,'n_params':1}},
                  {'id':'tabby','parameters':{'max_seq_len':40960}},
                  {'id':'lmstudio','max_context_length':131072,'loaded_context_length':8192},
                  {'id':'hosted-nim','created':735790403,'owned_by':'x'},
                  {'id':'odd','max_model_len':null,'max_completion_tokens':'many'}]}
                """))
        .containsExactly(
            new ModelList.Entry("vllm", 32768, null),
            new ModelList.Entry("groq", 131072, 8192),
            new ModelList.Entry("openrouter", 128000, 16384),
            new ModelList.Entry("mistral", 262144, null),
            new ModelList.Entry("llamacpp", 65536, null),
            new ModelList.Entry("tabby", 40960, null),
            new ModelList.Entry("lmstudio", 8192, null),
            new ModelList.Entry("hosted-nim", null, null),
            new ModelList.Entry("odd", null, null));
  }

  @Test
  void takesABareListAndLeavesOutWhatIsNoModel() {
    assertThat(parse("[{'id':'a'},7,{'name':'b'},{'id':''}]"))
        .containsExactly(new ModelList.Entry("a", null, null));
  }

  @Test
  void saysWhereTheNextPageBegins() {
    assertThat(page("{'data':[{'id':'a'}],'has_more':true,'last_id':'a'}").after()).isEqualTo("a");
    for (String last :
        List.of(
            "[{'id':'a'}]",
            "{'data':[{'id':'a'}],'has_more':false,'last_id':'a'}",
            "{'data':[{'id':'a'}],'last_id':'a'}",
            "{'data':[],'has_more':true,'last_id':null}")) {
      assertThat(page(last).after()).as(last).isNull();
    }
  }

  @Test
  void refusesWhatIsNoList() {
    for (String body : List.of("{'error':{}}", "<html>", "", "{'data':{}}")) {
      assertThatThrownBy(() -> parse(body)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
