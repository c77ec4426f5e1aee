// Anthropic's Go SDK.
package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/anthropics/anthropic-sdk-go/v2"
	"github.com/anthropics/anthropic-sdk-go/v2/option"
)

const greeting = "Hello there, whoever you are"

var (
	model  = anthropic.Model(os.Getenv("MODEL"))
	client = anthropic.NewClient(option.WithAPIKey("any"), option.WithBaseURL(os.Getenv("ANTHROPIC_BASE_URL")), option.WithMaxRetries(0))
	ctx    = context.Background()
)

func ask(blocks ...anthropic.ContentBlockParamUnion) anthropic.MessageNewParams {
	return anthropic.MessageNewParams{Model: model, MaxTokens: 4000, Messages: []anthropic.MessageParam{anthropic.NewUserMessage(blocks...)}}
}

// last returns the text of the last block.
func last(params anthropic.MessageNewParams) string {
	message := create(params)
	return message.Content[len(message.Content)-1].Text
}

func create(params anthropic.MessageNewParams) *anthropic.Message {
	message, err := client.Messages.New(ctx, params)
	if err != nil {
		panic(err)
	}
	return message
}

func equal(found, expected any) {
	if found != expected {
		panic(fmt.Sprintf("%v, not %v", found, expected))
	}
}

func stream() {
	events := client.Messages.NewStreaming(ctx, ask(anthropic.NewTextBlock("Hi")))
	message, deltas := anthropic.Message{}, 0
	for events.Next() {
		event := events.Current()
		if event.Type == "content_block_delta" {
			deltas++
		}
		if err := message.Accumulate(event); err != nil {
			panic(err)
		}
	}
	if events.Err() != nil {
		panic(events.Err())
	}
	equal(message.Content[0].Text, greeting)
	equal(deltas > 1, true)
}

func tool() {
	params := ask(anthropic.NewTextBlock("WEATHER"))
	schema := anthropic.ToolInputSchemaParam{Properties: map[string]any{"city": map[string]any{"type": "string"}}, Required: []string{"city"}}
	params.Tools = []anthropic.ToolUnionParam{anthropic.ToolUnionParamOfTool(schema, "weather")}
	called := create(params)
	call := called.Content[len(called.Content)-1]
	var input struct{ City string }
	if err := json.Unmarshal(call.Input, &input); err != nil {
		panic(err)
	}
	result := anthropic.NewToolResultBlock(call.ID, "It rains in "+input.City, false)
	params.Messages = append(params.Messages, called.ToParam(), anthropic.NewUserMessage(result))
	equal(strings.Contains(last(params), "It rains in Oslo"), true)
}

func structured() {
	params := ask(anthropic.NewTextBlock("SCHEMA"))
	params.OutputConfig = anthropic.OutputConfigParam{Format: anthropic.JSONOutputFormatParam{Schema: map[string]any{
		"type":                 "object",
		"properties":           map[string]any{"city": map[string]any{"type": "string"}, "degrees": map[string]any{"type": "integer"}},
		"required":             []string{"city", "degrees"},
		"additionalProperties": false,
	}}}
	var answer struct {
		City    string
		Degrees int
	}
	if err := json.Unmarshal([]byte(last(params)), &answer); err != nil {
		panic(err)
	}
	equal(answer.City, "Oslo")
	equal(answer.Degrees, 7)
}

func image() {
	data, err := os.ReadFile(os.Getenv("IMAGE"))
	if err != nil {
		panic(err)
	}
	block := anthropic.NewImageBlockBase64("image/png", base64.StdEncoding.EncodeToString(data))
	equal(last(ask(block, anthropic.NewTextBlock("IMAGE"))), fmt.Sprintf("An image of %d bytes", len(data)))
}

func thinking() {
	params := ask(anthropic.NewTextBlock("THINK"))
	params.Thinking = anthropic.ThinkingConfigParamOfEnabled(1024)
	equal(create(params).Content[0].Thinking, "Hm, so it is.")
}

func counting() {
	counted, err := client.Messages.CountTokens(ctx, anthropic.MessageCountTokensParams{Model: model, Messages: ask(anthropic.NewTextBlock("How many?")).Messages})
	if err != nil {
		panic(err)
	}
	equal(counted.InputTokens > 3, true)
}

// run prints a line for a feature, and returns whether it works.
func run(feature string, check func()) (works bool) {
	defer func() {
		if fault := recover(); fault != nil {
			fmt.Printf("FAILED  %s\n%v\n", feature, fault)
		}
	}()
	check()
	fmt.Println("ok      " + feature)
	return true
}

func main() {
	works := run("text", func() { equal(last(ask(anthropic.NewTextBlock("Hi"))), greeting) })
	works = run("stream", stream) && works
	works = run("tool round trip", tool) && works
	works = run("structured output", structured) && works
	works = run("image", image) && works
	works = run("thinking", thinking) && works
	works = run("counting", counting) && works
	if !works {
		os.Exit(1)
	}
}
