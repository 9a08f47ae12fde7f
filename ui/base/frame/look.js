// Streamlit writes on its own element whether it draws in the light or the dark look; what it opens over the page stands outside it.
function wearLook() {
  const app = document.querySelector(".stApp")
  const look = () => { document.documentElement.style.colorScheme = getComputedStyle(app).colorScheme }
  new MutationObserver(look).observe(app, { attributes: true, attributeFilter: ["class"] })
  look()
}
