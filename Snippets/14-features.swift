import Descent
import Notes

let data = try Notebook.digits()
print(data.name)
let known = data.train.images[0..<2000].reshaped(2000, -1).asType(Float.self) / 255
let names = data.train.labels[0..<2000].elements.map(Int.init)
let asked = data.test.images[0..<500].reshaped(500, -1).asType(Float.self) / 255
let right = data.test.labels[0..<500].elements.map(Int.init)

// KNN: nothing is learnt beforehand; each question is compared with every example that is known.
func neighbours(of x: NDArray<Float>) -> [Int] {
    let distances = square(known - x).sum(axis: 1).elements
    return distances.indices.sorted { distances[$0] < distances[$1] }
}
func vote(_ nearest: ArraySlice<Int>) -> Int {
    var votes = [Int](repeating: 0, count: 10)
    for index in nearest { votes[names[index]] += 1 }
    return NDArray(votes).argMax()
}
let nearest = timed { (0..<500).map { neighbours(of: asked[$0]) } }
let ks = [1, 3, 5, 9, 15, 31, 101, 301]
let accuracies = ks.map { k in
    Double((0..<500).filter { vote(nearest.result[$0][..<k]) == right[$0] }.count) / 500
}
for (k, accuracy) in zip(ks, accuracies) { print("k = \(k):", accuracy) }
print(fixed(nearest.seconds / 500 * 1000, 3), "ms for each question")

let chart = LineChart(
    title: "KNN: choosing k", subtitle: "2,000 examples, 500 questions, raw pixels",
    xAxis: .init(label: "k, the number of neighbours that vote", scale: .logarithmic),
    yAxis: .init(label: "accuracy", format: .percent),
    series: [.init(name: "accuracy", positions: ks.map(Double.init), values: accuracies)])
try Notebook.save(chart.svg(), as: "choosing-k.svg")

// The network, on the same 2,000 examples: it learns first, and answers fast.
let network = Sequential {
    Dense(784, 50, activation: .sigmoid, initializer: .xavier)
    Dense(50, 10, initializer: .xavier)
}
let learning = try timed {
    try Trainer(optimizer: .sgd(learningRate: 0.5), epochs: 30, seed: 1, trainLimit: 2000)
        .fit(network, on: data.train)
}
let answers = timed { Descent.predict(network, ByteRows(data.test.images[0..<500])).labels }
print(Double(zip(answers.result, right).filter { Int($0) == $1 }.count) / 500)
print(fixed(learning.seconds, 3), "s of learning")
print(fixed(answers.seconds / 500 * 1000, 3), "ms for each question")
