// What `import Descent` brings: the libraries below, and nothing of its own.
@_exported import ArrayFiles
@_exported import Arrays
@_exported import Autodiff
@_exported import Charts
@_exported import Classical
@_exported import Datasets
@_exported import ImageFeatures
@_exported import Images
@_exported import Inference
@_exported import Learning
@_exported import Networks
