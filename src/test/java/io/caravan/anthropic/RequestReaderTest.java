package io.caravan.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.json.JsonText;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestReaderTest {
  private static MessagesRequest read(String json) {
    return read(json, StandardCharsets.UTF_8);
  }

  private static MessagesRequest read(String json, Charset charset) {
    return new RequestReader().read(json.getBytes(charset));
  }

  private static Block block(String json) {
    MessagesRequest request =
        read(
            "{'model':'m','messages':[{'role':'user','content':[BLOCK]}]}"
                .replace('\'', '"')
                .replace("BLOCK", json.replace('\'', '"')));
    return request.messages().get(0).content().get(0);
  }

  private static MessagesRequest with(String field) {
    return read(
        ("{'model':'m','messages':[{'role':'user','content':'Hi'}]," + field + "}")
            .replace('\'', '"'));
  }

  @Test
  void readsEveryFieldOfARequest() {
    MessagesRequest request =
        with(
            "'max_tokens':7,'stream':true,'system':'S','temperature':0.5,'top_p':0.25,'top_k':3,"
                + "'stop_sequences':['a','b'],'thinking':{'type':'enabled','budget_tokens':1024,"
                + "'display':'omitted'},'output_config':{'effort':'high','format':{'type':"
                + "'json_schema','schema':{'type':'object'}}},'metadata':{'user_id':'u'},"
                + "'tool_choice':{'type':'tool','name':'t','disable_parallel_tool_use':true},"
                + "'tools':[{'name':'t','description':'d','input_schema':{'type':'object'},"
                + "'defer_loading':true,'strict':true}]");
    assertThat(request.model()).isEqualTo("m");
    assertThat(request.maxTokens()).isEqualTo(7);
    assertThat(request.stream()).isTrue();
    assertThat(request.system()).containsExactly(new Block.Text("S"));
    assertThat(request.messages())
        .containsExactly(new Message(Message.Role.USER, List.of(new Block.Text("Hi"))));
    assertThat(request.temperature()).isEqualTo(0.5);
    assertThat(request.topP()).isEqualTo(0.25);
    assertThat(request.topK()).isEqualTo(3);
    assertThat(request.stopSequences()).containsExactly("a", "b");
    assertThat(request.thinking())
        .isEqualTo(new ThinkingOption(ThinkingOption.Kind.ENABLED, 1024, "omitted"));
    assertThat(request.effort()).isEqualTo("high");
    assertThat(request.outputSchema()).hasToString("{\"type\":\"object\"}");
    assertThat(request.userId()).isEqualTo("u");
    assertThat(request.toolChoice()).isEqualTo(new ToolChoice(ToolChoice.Kind.TOOL, "t", true));
    Tool tool = request.tools().get(0);
    assertThat(tool.custom()).isTrue();
    assertThat(tool.description()).hasToString("d");
    assertThat(tool.inputSchema()).hasToString("{\"type\":\"object\"}");
    assertThat(tool.deferred()).isTrue();
    assertThat(tool.strict()).isTrue();
    assertThat(tool.json().toString()).startsWith("{\"name\":\"t\"").endsWith("\"strict\":true}");
  }

  @Test
  void notesWhatElseIsAskedFor() {
    MessagesRequest request =
        with(
            "'mcp_servers':[{'type':'url'},{'type':'url'}],'output_config':{'format':{'schema':{},"
                + "'type':'grammar'}},'tools':[{'name':'t','input_schema':{},'input_examples':[{}]}]");
    assertThat(request.unsupported())
        .containsExactly(
            UnsupportedOption.MCP_SERVER,
            UnsupportedOption.MCP_SERVER,
            UnsupportedOption.OUTPUT_FORMAT,
            UnsupportedOption.TOOL_EXAMPLES);
    assertThat(request.outputSchema()).isNull();
    assertThat(with("'mcp_servers':null,'output_format':null").unsupported()).isEmpty();
  }

  @Test
  void leavesOutWhatIsAbsentOrNull() {
    MessagesRequest request =
        with(
            "'max_tokens':null,'stream':null,'system':null,'tools':null,'tool_choice':null,"
                + "'thinking':null,'stop_sequences':null,'output_config':null,'metadata':null");
    assertThat(request.maxTokens()).isNull();
    assertThat(request.stream()).isFalse();
    assertThat(request.system()).isEmpty();
    assertThat(request.tools()).isEmpty();
    assertThat(request.toolChoice()).isNull();
    assertThat(request.thinking()).isSameAs(ThinkingOption.ABSENT);
    assertThat(request.stopSequences()).isEmpty();
    assertThat(request.outputSchema()).isNull();
  }

  @Test
  void readsTheOlderNameOfTheOutputSchema() {
    MessagesRequest request = with("'output_format':{'type':'json_schema','schema':{'a':1}}");
    assertThat(request.outputSchema()).hasToString("{\"a\":1}");
  }

  @Test
  void skipsUnknownFieldsWhateverTheyHold() {
    MessagesRequest request =
        with(
            "'context_management':{'edits':[{'type':'clear_thinking_20251015','keep':'all'}]},"
                + "'safeguards':[1,[2,{'a':null}]],'container':'c','betas':['x']");
    assertThat(request.messages()).hasSize(1);
  }

  @Test
  void readsEveryKindOfBlock() {
    assertThat(block("{'type':'text','text':'a','cache_control':{'type':'ephemeral'}}"))
        .isEqualTo(new Block.Text("a"));
    assertThat(block("{'type':'thinking','thinking':'t','signature':'s'}"))
        .isEqualTo(new Block.Thinking("t", "s"));
    assertThat(block("{'type':'redacted_thinking','data':'x'}"))
        .isEqualTo(new Block.RedactedThinking("x"));
    assertThat(block("{'type':'tool_reference','tool_name':'WebFetch'}"))
        .isEqualTo(new Block.ToolReference("WebFetch"));
    assertThat(
            block(
                "{'type':'image','source':{'type':'base64','media_type':'image/png','data':'AA'}}"))
        .isEqualTo(
            new Block.Image(
                new Source(
                    Source.Kind.BASE64, "image/png", JsonText.of("AA"), null, null, List.of())));
    assertThat(
            block(
                "{'type':'document','title':'T','context':'C','source':{'content':'x',"
                    + "'type':'content'}}"))
        .isEqualTo(
            new Block.Document(
                new Source(
                    Source.Kind.CONTENT, null, null, null, null, List.of(new Block.Text("x"))),
                "T",
                "C"));
    assertThat(
            block(
                "{'type':'search_result','source':'s','title':'t','content':[{'type':'text',"
                    + "'text':'x'}]}"))
        .isEqualTo(new Block.SearchResult("s", "t", List.of(new Block.Text("x"))));
    Block.ToolUse use =
        (Block.ToolUse) block("{'type':'tool_use','id':'i','name':'n','input':{'a': [1, 2]}}");
    assertThat(use.id()).isEqualTo("i");
    assertThat(use.name()).isEqualTo("n");
    assertThat(use.input()).hasToString("{\"a\": [1, 2]}");
  }

  @Test
  void readsBlocksWhoseTypeComesLate() {
    Block block =
        block(
            "{'tool_use_id':'i','content':[{'text':'out','type':'text'},{'tool_name':'X',"
                + "'type':'tool_reference'}],'is_error':true,'type':'tool_result'}");
    assertThat(block)
        .isEqualTo(
            new Block.ToolResult(
                "i", List.of(new Block.Text("out"), new Block.ToolReference("X")), true));
  }

  @Test
  void keepsUnknownBlocksAsTheyCame() {
    Block.Other other = (Block.Other) block("{ 'a':{'b':[1]}, 'type':'brand_new', 'c':'d' }");
    assertThat(other.type()).isEqualTo("brand_new");
    assertThat(other.json())
        .hasToString("{ \"a\":{\"b\":[1]}, \"type\":\"brand_new\", \"c\":\"d\" }");
    assertThat(block("{'type':'image','source':{'type':'brand_new'}}"))
        .isInstanceOf(Block.Other.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "'no json'", "'[1]'", "[1]", "5", "true"})
  void takesAnInputThatIsNoObjectForNone(String input) {
    Block.ToolUse use =
        (Block.ToolUse) block("{'type':'tool_use','id':'i','name':'n','input':" + input + "}");
    assertThat(use.input()).hasToString("{}");
  }

  @Test
  void takesAnInputThatIsTheTextOfAnObject() {
    Block.ToolUse use =
        (Block.ToolUse) block("{'type':'tool_use','id':'i','name':'n','input':'{\\'a\\':1}'}");
    assertThat(use.input()).hasToString("{\"a\":1}");
  }

  @Test
  void slicesAreRightBehindCharactersOfSeveralBytes() {
    MessagesRequest request =
        with(
            "'system':'äöü € 😀','tools':[{'name':'t','input_schema':{'ü':'😀'}},"
                + "{'name':'u','input_schema':{}}]");
    assertThat(request.tools().get(0).inputSchema()).hasToString("{\"ü\":\"😀\"}");
    assertThat(request.tools().get(1).inputSchema()).hasToString("{}");
  }

  @Test
  void slicesAreRightBehindAByteOrderMark() {
    String json =
        "\uFEFF{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],"
            + "\"tools\":[{\"name\":\"t\",\"input_schema\":{\"a\":1}}]}";
    assertThat(read(json).tools().get(0).inputSchema()).hasToString("{\"a\":1}");
  }

  @Test
  void readsTheRolesOfAllMessages() {
    MessagesRequest request =
        read(
            """
            {"model":"m","messages":[{"content":"a","role":"user"},{"role":"system","content":[
            {"type":"text","text":"b"}]},{"role":"assistant","content":[]}]}
            """);
    assertThat(request.messages())
        .extracting(Message::role)
        .containsExactly(Message.Role.USER, Message.Role.SYSTEM, Message.Role.ASSISTANT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|model: Field required",
        "{'model':''}|model: String should have at least 1 character",
        "{'model':5}|model: Input should be a valid string",
        "{'model':'m'}|messages: Field required",
        "{'model':'m','messages':[]}|messages: at least one message is required",
        "{'model':'m','messages':'Hi'}|messages: Input should be a valid array",
        "{'model':'m','messages':['Hi']}|messages.0: Input should be an object",
        "{'model':'m','messages':[{'content':'a'}]}|messages.0.role: Field required",
        "{'model':'m','messages':[{'role':'user'}]}|messages.0.content: Field required",
        "{'model':'m','messages':[{'role':'tool','content':'a'}]}"
            + "|messages.0.role: Input should be 'user', 'assistant' or 'system'",
        "{'model':'m','messages':[{'role':'user','content':5}]}"
            + "|messages.0.content: Input should be a valid array",
        "{'model':'m','messages':[{'role':'user','content':[{'text':'a'}]}]}"
            + "|messages.0.content.0.type: Field required",
        "{'model':'m','messages':[{'role':'user','content':[{'type':5}]}]}"
            + "|messages.0.content.0.type: Input should be a valid string",
        "{'model':'m','messages':[{'role':'user','content':[{'type':'text'}]}]}"
            + "|messages.0.content.0.text.text: Field required",
        "{'model':'m','messages':[{'role':'user','content':[{'text':5,'type':'text'}]}]}"
            + "|messages.0.content.0.text.text: Input should be a valid string",
        "{'model':'m','messages':[{'role':'user','content':[{'type':'tool_result','content':[{}]}]}]}"
            + "|messages.0.content.0.tool_result.content.0.type: Field required",
        "{'model':'m','messages':[{'role':'user','content':[{'type':'tool_result'}]}]}"
            + "|messages.0.content.0.tool_result.tool_use_id: Field required",
        "{'model':'m','messages':[{'role':'user','content':[{'type':'image','source':{'type':"
            + "'base64','data':'A'}}]}]}"
            + "|messages.0.content.0.image.source.base64.media_type: Field required",
        "{'model':'m','messages':[{'role':'user','content':[{'type':'image','source':{'type':"
            + "'base64','data':5}}]}]}"
            + "|messages.0.content.0.image.source.base64.data: Input should be a valid string",
        "{'model':'m','messages':[{'role':'user','content':[{'tool_use_id':'i','content':["
            + "{'source':'x','type':'image'}],'type':'tool_result'}]}]}"
            + "|messages.0.content.0.tool_result.content.0.image.source: Input should be an object",
        "{'max_tokens':-1}|max_tokens: Input should be greater than or equal to 0",
        "{'max_tokens':1.5}|max_tokens: Input should be a valid integer",
        "{'max_tokens':99999999999}|max_tokens: Input should be an integer of at most 2147483647",
        "{'stream':'yes'}|stream: Input should be a valid boolean",
        "{'temperature':1e999}|temperature: Input should be a valid number",
        "{'temperature':'hot'}|temperature: Input should be a valid number",
        "{'tools':[{'input_schema':{}}]}|tools.0.custom.name: Field required",
        "{'tools':[{'name':'t'}]}|tools.0.custom.input_schema: Field required",
        "{'tools':[{'name':'t','input_schema':5}]}|tools.0.custom.input_schema: Input should be an object",
        "{'output_config':{'format':{'type':'json_schema'}}}"
            + "|output_config.format.schema: Field required",
        "{'output_format':{'type':'json_schema','schema':'x'}}"
            + "|output_format.schema: Input should be an object",
        "{'tools':[{'name':'t','input_schema':{}},{'name':'t','input_schema':{}}]}"
            + "|tools: Tool names must be unique.",
        "{'tool_choice':{'type':'tool'}}|tool_choice.tool.name: Field required",
        "{'tool_choice':{'type':'some'}}"
            + "|tool_choice: type should be 'auto', 'any', 'tool' or 'none'",
        "{'thinking':{}}|thinking.type: Field required",
        "{'stop_sequences':[5]}|stop_sequences.0: Input should be a valid string",
      })
  void namesThePlaceOfWhatIsWrong(String json, String message) {
    assertThatThrownBy(() -> read(json.replace('\'', '"')))
        .isInstanceOfSatisfying(
            AnthropicException.class,
            e -> assertThat(e.type()).isEqualTo(ErrorType.INVALID_REQUEST))
        .hasMessage(message.replace('"', '\''));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'model':|The request body is not valid JSON: unexpected end of data: line 1 column",
        "{'model':secret}|The request body is not valid JSON: line 1 column 17",
        "[1]|The request body must be a JSON object.",
        "5|The request body must be a JSON object.",
        "''|The request body must be a JSON object.",
      })
  void saysWhereTheBodyIsNotJson(String json, String message) {
    assertThatThrownBy(() -> read(json.replace('\'', '"')))
        .isInstanceOf(AnthropicException.class)
        .hasMessageStartingWith(message)
        .hasMessageNotContaining("secret");
  }

  @Test
  void refusesAnEmptyBodyAndASecondValue() {
    assertThatThrownBy(() -> read("")).isInstanceOf(AnthropicException.class);
    assertThatThrownBy(
            () -> read("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"\"}]}{}"))
        .isInstanceOf(AnthropicException.class)
        .hasMessage("The request body has more than one JSON value.");
  }

  @Test
  void refusesOtherEncodings() {
    assertThatThrownBy(() -> read("{\"model\":\"m\"}", StandardCharsets.UTF_16LE))
        .isInstanceOf(AnthropicException.class)
        .hasMessage("The request body must be encoded in UTF-8.");
    assertThatThrownBy(() -> read("{\"model\":\"mü\"}", StandardCharsets.ISO_8859_1))
        .isInstanceOf(AnthropicException.class)
        .hasMessageStartingWith("The request body is not valid JSON");
  }

  @Test
  void refusesDeepNestingWhereverItIs() {
    String deep = "[".repeat(300) + "]".repeat(300);
    assertThatThrownBy(() -> with("'new_field':" + deep))
        .isInstanceOf(AnthropicException.class)
        .hasMessageContaining("200 levels");
    assertThatThrownBy(() -> block("{'x':" + deep + ",'type':'text','text':''}"))
        .isInstanceOf(AnthropicException.class)
        .hasMessageContaining("200 levels");
  }
}
