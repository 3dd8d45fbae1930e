/**
 * What the page shares with Python. Written by `python tools/make_page_constants.py` from the modules that are named
 * here, which say what each of these means; a test keeps it true.
 */

// mien.labels
export const FER2013 = Object.freeze(["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]);
export const EMOTIONS = Object.freeze(["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral", "contempt"]);
export const VOTES = Object.freeze([
  "angry",
  "disgust",
  "fear",
  "happy",
  "sad",
  "surprise",
  "neutral",
  "contempt",
  "unknown",
  "not_a_face",
]);
export const SYNONYMS = Object.freeze({
  anger: "angry",
  disgusted: "disgust",
  afraid: "fear",
  fearful: "fear",
  scared: "fear",
  happiness: "happy",
  joy: "happy",
  sadness: "sad",
  surprised: "surprise",
  contemptuous: "contempt",
  nf: "not_a_face",
});
export const LOOKS = Object.freeze({
  angry: "looks angry",
  disgust: "looks disgusted",
  fear: "looks afraid",
  happy: "looks happy",
  sad: "looks sad",
  surprise: "looks surprised",
  neutral: "looks neutral",
  contempt: "looks contemptuous",
});
export const SHAPE = Object.freeze([
  "eye_right",
  "eye_left",
  "brow_right",
  "brow_left",
  "brow_inner",
  "mouth_open",
  "mouth_width",
  "corner_right",
  "corner_left",
  "yaw",
  "pitch",
]);
export const SHAPE_BOUNDS = Object.freeze({
  eye_right: [0, 2],
  eye_left: [0, 2],
  brow_right: [-1, 1],
  brow_left: [-1, 1],
  brow_inner: [-1, 1],
  mouth_open: [0, 1],
  mouth_width: [-1, 1],
  corner_right: [-1, 1],
  corner_left: [-1, 1],
  yaw: [-90, 90],
  pitch: [-90, 90],
});
export const UNCLEAR = Object.freeze(["blurred", "cut_off", "not_a_face", "small", "turned"]);

// mien.images
export const MAX_PIXELS = 100000000;

// mien.detect
export const STRIDES = Object.freeze([8, 16, 32]);
export const COARSE = 320;
export const MIDDLE = 640;
export const TILE = 1024;
export const OVERLAP = 160;
export const FINEST_SCALE = 0.8333333333333334;
export const LARGE = 240;
export const SMALLEST_PASS = 256;
export const CLOSE_UP = 192;
export const MARGIN = 1.05;
export const REFINEMENTS = 3;
export const STRAIGHT_DEGREES = 6;
export const FROM_AFAR = 0.4;
export const MIN_CONFIDENCE = 0.6;
export const SAME_FACE_IOU = 0.3;
export const INSIDE_SHARE = 0.6;
export const SAME_PLACE = 0.5;

// mien.align
export const SIDE = 48;
export const TEMPLATE = Object.freeze([
  [14.89, 18.34],
  [32.8, 18.65],
  [23.02, 27.88],
  [16.38, 36.3],
  [30.7, 36.47],
]);
export const SMALL_PX = 24;
export const TURNED_DEGREES = 45;
export const CUT_OFF = 0.25;
export const BLURRED = 0.002;

// mien.classify
export const BATCH = 64;
export const THRESHOLDS = Object.freeze({ low_score: 0.5, ambiguous: 0.1, unknown: 0.4, not_a_face: 0.4 });

// mien.occlusion
export const GRID = 8;
export const COVER_GRAY = 128;

// mien.emoji
export const MIN_SIZE = 16;
export const MAX_SIZE = 2048;
export const SLIGHT = 0.12;

// mien.annotate
export const MIXED_BELOW = 0.4;
export const EMOTION_COLORS = Object.freeze({
  angry: "#e5484d",
  disgust: "#5f9e3f",
  fear: "#12a5bd",
  happy: "#f5b301",
  sad: "#4a7fe0",
  surprise: "#f76b15",
  neutral: "#8d8d97",
  contempt: "#b0569f",
});
export const UNSURE_COLOR = "#8d8d97";
export const MASK_COVER = 1.06;
export const MASK_REACH = 1.5;
export const MASK_EDGE = 2;
export const LEAST_EYE_DISTANCE = 0.12;

// mien.video.smoothing
export const TAU_MS = 100;
export const FLOOR = 0.002;
export const STAY_MS = 200;
export const CLEAR = 10;
export const GAP_MS = 400;
export const DOUBT = 0.65;
export const TRUST = 0.35;

// mien.video.neutral
export const LEAST_AT_REST = 5;
export const USUAL_REST = Object.freeze({
  eye_right: 1,
  eye_left: 1,
  brow_right: 0,
  brow_left: 0,
  brow_inner: 0,
  mouth_open: 0,
  mouth_width: 0,
  corner_right: 0,
  corner_left: 0,
  yaw: 0,
  pitch: 0,
});
export const MOST_ANATOMY = 0.5;

// mien.video.one_euro
export const MIN_CUTOFF = 0.5;
export const SPEED_GAIN = 2;
export const SPEED_CUTOFF = 1;
export const SHAPE_UNITS = Object.freeze({
  eye_right: 1,
  eye_left: 1,
  brow_right: 1,
  brow_left: 1,
  brow_inner: 1,
  mouth_open: 1,
  mouth_width: 1,
  corner_right: 1,
  corner_left: 1,
  yaw: 30,
  pitch: 30,
});

// mien.video.tracks
export const MEMORY_MS = 1000;
export const TRACK_REACH = 0.6;
export const TRACK_REACH_PER_S = 1;
export const LARGEST_SCALING = 0.9;
export const SIZE_WEIGHT = 0.5;
