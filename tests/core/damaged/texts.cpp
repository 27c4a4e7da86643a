#include "damaged.h"

#include "data/targets.h"
#include "experiments/registry.h"
#include "lab/experiment.h"
#include "nn/layertext.h"
#include "train/networklist.h"

#include <fmt/format.h>

namespace losslab::test {

namespace {

std::string repeated(const std::string &text, int times)
{
    std::string all;
    for (int i = 0; i < times; ++i)
        all += text;
    return all;
}

void addExpressions(std::vector<Damaged> &all)
{
    addTyped(all, "expression",
             [](const std::string &text) {
                 return errorOf(sample(text, 11, {-1, 1}));
             },
             {{"nothing", ""},
              {"cut off", "x +"},
              {"a parenthesis missing", "sin(x"},
              {"a parenthesis too many", "sin(x))"},
              {"a name that there is not", "y + 1"},
              {"a function that there is not", "system(x)"},
              {"an argument missing", "atan2(x)"},
              {"an argument too many", "sin(x, 2)"},
              {"an operator missing", "2 x"},
              {"an assignment", "x = 3"},
              {"two expressions", "x, 2"},
              {"a decimal comma", "0,5*x"},
              {"a branch missing", "x < 0 ? 1"},
              {"a letter of another alphabet", "π*x"},
              {"a control character", "x\x1b[31m"},
              {"a thousand characters", std::string(1000, '(')},
              {"a pole", "1/x"},
              {"no value", "sqrt(x)"},
              {"too large", "1e300 + x"}});
}

void addLayers(std::vector<Damaged> &all)
{
    addTyped(all, "layers",
             [](const std::string &text) {
                 return errorOf(readLayers(text).and_then([](const std::vector<LayerWord> &words) {
                     return networkOf(words, {{1, 28, 28}, 10});
                 }));
             },
             {{"a word that there is not", "5, cnov 3 3"},
              {"a width of 0 digits", "5, +"},
              {"a negative width", "5, -3"},
              {"a width too large", "1000000"},
              {"a width of 2⁶⁴", "18446744073709551616"},
              {"a kernel missing", "conv 10"},
              {"a kernel of 0", "conv 10 0"},
              {"a stride missing", "conv 10 3 stride"},
              {"channels too many", "conv 5000 3"},
              {"a pool of 0", "pool 0"},
              {"a dropout of 2", "dropout 2"},
              {"a number too many", "conv 10 3 4"},
              {"more pools than pixels", "pool 2, pool 2, pool 2, pool 2, pool 2"},
              {"a map after a dense layer", "50, conv 10 3"},
              {"200 layers", repeated("5, ", 200)},
              {"more parameters than can be trained", "100000, 100000"}});
}

void addNetworks(std::vector<Damaged> &all)
{
    addTyped(all, "list of networks", [](const std::string &text) { return errorOf(readNetworks(text)); },
             {{"nothing", ""},
              {"a name that leads elsewhere", "../x: 5"},
              {"a name with a control character", "a\x1b: 5"},
              {"a name of 60 letters", std::string(60, 'a') + ": 5"},
              {"a name twice", "a: 5; A: 6"},
              {"the name of a start", "deep-init: 5"},
              {"a rate that is no number", "a: 5 | lr fast"},
              {"a rate with a comma", "a: 5 | lr 0,1"},
              {"a rate of 1000", "a: 5 | lr 1000"},
              {"two rates", "a: 5 | lr 1 | lr 2"},
              {"another option", "a: 5 | colour blue"},
              {"a layer that is none", "a: five"},
              {"300 networks",
               [] {
                   std::string text;
                   for (int i = 0; i < 300; ++i)
                       text += fmt::format("a{}: 5; ", i);
                   return text;
               }()},
              {"JSON that is cut off", R"([{"name":"a","layers":"5"})"},
              {"JSON nested 1,000 deep", std::string(1000, '[') + std::string(1000, ']')},
              {"JSON with a field too many", R"([{"name":"a","layers":"5","colour":"blue"}])"},
              {"JSON without layers", R"([{"name":"a"}])"},
              {"JSON with a rate that is a word", R"([{"name":"a","layers":"5","lr":"fast"}])"}});
}

/// Of a parameter of an experiment.
void addValues(std::vector<Damaged> &all)
{
    const auto add = [&](const std::string &experiment, const std::string &key,
                         const std::vector<std::pair<std::string, std::string>> &texts) {
        addTyped(
            all, "setting",
            [experiment, key](const std::string &text) {
                const auto made = std::move(*makeExperiment(experiment));
                return errorOf(made->findParameter(key)->info().parse(text));
            },
            texts);
    };
    add("function-fit", "epochs",
        {{"a whole number with letters", "12a"},
         {"a whole number too large", "99999999999999999999"},
         {"a whole number of 0", "0"},
         {"a whole number with a fraction", "1.5"}});
    add("function-fit", "low",
        {{"a number that is none", "nan"},
         {"a number without end", "1e999"},
         {"a number with a comma", "0,5x"}});
    add("function-fit", "optimizer", {{"a choice that there is not", "adma"}});
    add("function-fit", "nesterov", {{"neither true nor false", "maybe"}});
    add("function-fit", "table", {{"a path with a line break", "a\nb.csv"}});
    add("cnn-mnist", "also",
        {{"a data set with control characters", "mnist\x1b[31m"}, {"ten data sets", "a;b;c;d;e;f;g;h;i;j"}});
    add("sensitivity", "batches",
        {{"a range that falls", "100..10 step 5"},
         {"a range without end", "1..1e300 step 1"},
         {"a word among numbers", "16, many"},
         {"20,000 ranges", repeated("1..200 step 1, ", 20'000)}});
}

} // namespace

void addTexts(std::vector<Damaged> &all)
{
    addExpressions(all);
    addLayers(all);
    addNetworks(all);
    addValues(all);
}

} // namespace losslab::test
