import Charts
import Descent
import Notes
import Pipelines

let data = try Notebook.digits()
print(data.name)
let (train, test) = (data.train.prefix(2000), data.test.prefix(500))

// KNN by hand, on raw pixels: nothing is learned beforehand, each question is compared with every example.
let known = train.images.reshaped(2000, -1).asType(Float.self) / 255
let names = train.classes.map(Int.init)
let asked = test.images.reshaped(500, -1).asType(Float.self) / 255
let correct = test.classes.map(Int.init)

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
    Double((0..<500).filter { vote(nearest.result[$0][..<k]) == correct[$0] }.count) / 500
}
for accuracy in accuracies { print(accuracy) }
print(fixed(nearest.seconds / 500 * 1000, 3), "ms")

let chart = LineChart(
    title: "KNN: choosing k", subtitle: "2,000 examples, 500 questions, raw pixels",
    xAxis: .init(label: "k, the number of neighbours that vote", scale: .logarithmic),
    yAxis: .init(label: "accuracy", format: .percent),
    series: [.init(name: "accuracy", positions: ks.map(Double.init), values: accuracies)])
try Notebook.save(chart.svg(), as: "choosing-k.svg")

// HOG: 7 x 7 cells of 4 x 4 pixels, in 6 x 6 blocks of 2 x 2 cells with 9 directions each: 1,296 numbers an image.
let hog = HistogramOfOrientedGradients(cellSize: 4)
print(tuple(try hog.features(of: test.images[0..<3]).shape))
try Notebook.save(FeaturePicture.stars(of: hog, over: test.images[0]), as: "hog.png")

// SIFT and SURF: a descriptor of 128 or 64 numbers for each keypoint, and each image has its own number of them.
// SURF's boxes need larger images: here the digits are doubled.
let sift = try (0..<3).map { try SIFT().localFeatures(of: test.images[$0]).descriptors.shape }
print(sift.map { tuple($0) }.joined(separator: " "))
var surf = SURF()
surf.threshold = 1e-4
let doubled = try (0..<3).map {
    let image = test.images[$0].repeated(2, axis: 0).repeated(2, axis: 1)
    return try surf.localFeatures(of: image).descriptors.shape
}
print(doubled.map { tuple($0) }.joined(separator: " "))
print(Set(sift).count > 1, Set(doubled).count > 1)
try Notebook.save(
    FeaturePicture.keypoints(SIFT().localFeatures(of: test.images[0]).keypoints, over: test.images[0]),
    as: "sift.png")

// Features, then a classifier. Of SIFT and SURF the classifier sees how often each of 100 visual words occurs.
let margin = SupportVectorMachine(kernel: .rbf(gamma: 0.02), cost: 10)
let pipelines = [
    Pipeline(.hog(hog), NearestNeighbors(k: 3)), Pipeline(.hog(hog), margin),
    Pipeline(.sift(words: 100), margin), Pipeline(.surf(words: 100), margin),
]
for pipeline in pipelines {
    print(try pipeline.fit(train).evaluate(on: test).accuracy)
}

// The network, on the same 2,000 examples: it learns first, and answers fast.
let network = Sequential {
    Dense(784, 50, activation: .sigmoid, initializer: .xavier)
    Dense(50, 10, initializer: .xavier)
}
let learning = try timed {
    try Trainer(optimizer: .sgd(learningRate: 0.5), epochs: 30, seed: 1, reinitializesWeights: true).fit(
        network, on: train)
}
let answers = try timed { try network.predictions(for: FeatureMatrix.bytes(test.images)).labels }
print(Double(zip(answers.result, correct).filter { Int($0) == $1 }.count) / 500)
print(fixed(learning.seconds, 3), "s")
print(fixed(answers.seconds / 500 * 1000, 3), "ms")
