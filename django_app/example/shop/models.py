"""A small, realistic shop: what the demo asks about and what the oracle compares on."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Sum


class Profile(models.Model):
    """One per user, for most users; `avatar` is empty in both of SQL's and Django's ways."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="profile")
    avatar = models.FileField(upload_to="avatars/", null=True, blank=True)
    bio = models.TextField(blank=True, default="")
    phone = models.CharField(max_length=30, null=True, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    newsletter = models.BooleanField(null=True, blank=True)
    credit = models.DecimalField(max_digits=9, decimal_places=2, default=0)

    def __str__(self):
        return self.user.username


class Customer(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    name = models.CharField(max_length=120)
    email = models.EmailField(null=True, blank=True)
    city = models.CharField(max_length=80, null=True, blank=True)
    country = models.CharField(max_length=2, default="DE")
    vip = models.BooleanField(null=True, blank=True)
    created_at = models.DateTimeField()
    birthday = models.DateField(null=True, blank=True)
    rating = models.FloatField(null=True, blank=True)
    referred_by = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="referrals")

    class Meta:
        ordering = ["name", "id"]

    def __str__(self):
        return self.name

    @property
    def label(self):
        """How the customer is named on a parcel."""
        return self.name + " (" + self.country + ")"


class Category(models.Model):
    name = models.CharField(max_length=80)
    slug = models.SlugField(unique=True)
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="children")
    position = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "categories"
        ordering = [F("position").asc(nulls_last=True), "name"]

    def __str__(self):
        return self.name


class Tag(models.Model):
    name = models.CharField(max_length=40, unique=True)
    color = models.CharField(max_length=7, null=True, blank=True)

    def __str__(self):
        return self.name


class ProductQuerySet(models.QuerySet):
    def active(self):
        return self.filter(active=True)

    def cheaper_than(self, price):
        return self.filter(price__lt=price)

    def sold_out(self):
        return self.filter(stock=0)


class Product(models.Model):
    LOW_STOCK = 5
    CURRENCY = "EUR"

    name = models.CharField(max_length=120)
    sku = models.CharField("SKU", max_length=20, unique=True)
    category = models.ForeignKey(Category, on_delete=models.SET_NULL, null=True, blank=True, related_name="products")
    price = models.DecimalField(max_digits=10, decimal_places=2)
    cost = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    weight = models.FloatField(null=True, blank=True)
    stock = models.IntegerField(default=0)
    active = models.BooleanField(default=True)
    launched = models.DateField(null=True, blank=True)
    preparation = models.DurationField(null=True, blank=True)
    opens_at = models.TimeField("sold from", null=True, blank=True)
    tags = models.ManyToManyField(Tag, blank=True, related_name="products")
    attributes = models.JSONField(null=True, blank=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    @property
    def is_low(self):
        return self.stock < self.LOW_STOCK


class Supplier(models.Model):
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2, null=True, blank=True)
    products = models.ManyToManyField(Product, through="Supply", related_name="suppliers")

    def __str__(self):
        return self.name


class Supply(models.Model):
    supplier = models.ForeignKey(Supplier, on_delete=models.CASCADE, related_name="supplies")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="supplies")
    price = models.DecimalField(max_digits=10, decimal_places=2)
    lead_time = models.DurationField(null=True, blank=True)
    preferred = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "supplies"
        unique_together = [("supplier", "product")]


class OrderQuerySet(models.QuerySet):
    def paid(self):
        return self.filter(status__in=["paid", "shipped", "done"])

    def open(self):
        return self.exclude(status__in=[Order.Status.DONE, Order.Status.CANCELLED])

    def of(self, customer):
        return self.filter(customer=customer)

    def turnover(self):
        return self.paid().aggregate(total=Sum("total"))["total"]


class Order(models.Model):
    class Status(models.TextChoices):
        NEW = "new", "New"
        PAID = "paid", "Paid"
        SHIPPED = "shipped", "Shipped"
        DONE = "done", "Done"
        CANCELLED = "cancelled", "Cancelled"

    class Priority(models.IntegerChoices):
        LOW = 1, "Low"
        NORMAL = 2, "Normal"
        HIGH = 3, "High"

    customer = models.ForeignKey(Customer, on_delete=models.SET_NULL, null=True, blank=True, related_name="orders")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.NEW)
    priority = models.SmallIntegerField(choices=Priority.choices, null=True, blank=True)
    placed_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True, blank=True)
    shipped_on = models.DateField(null=True, blank=True)
    total = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    discount = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    note = models.TextField(null=True, blank=True)
    gift = models.BooleanField(null=True, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="handled_orders",
    )
    products = models.ManyToManyField(Product, through="OrderLine", related_name="orders")

    objects = OrderQuerySet.as_manager()

    class Meta:
        ordering = ["-placed_at", "-id"]
        get_latest_by = "placed_at"

    def __str__(self):
        return f"#{self.pk}"

    @property
    def is_big(self):
        return self.total >= 1000


class OrderLine(models.Model):
    class Kind(models.TextChoices):
        SALE = "sale", "Sale"
        GIFT = "gift", "Gift"
        RETURN = "return", "Return"

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="lines")
    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.SALE)
    quantity = models.PositiveIntegerField(default=1)
    unit_price = models.DecimalField(max_digits=10, decimal_places=2)
    discount = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)

    @property
    def amount(self):
        return self.quantity * self.unit_price


class Payment(models.Model):
    class Method(models.TextChoices):
        CARD = "card", "Card"
        TRANSFER = "transfer", "Bank transfer"
        CASH = "cash", "Cash"

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="payments")
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    fee = models.DecimalField(max_digits=8, decimal_places=4, null=True, blank=True)
    method = models.CharField(max_length=10, choices=Method.choices, null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    reference = models.UUIDField(default=uuid.uuid4, unique=True)
    refunded = models.BooleanField(null=True, blank=True)

    class Meta:
        get_latest_by = ["paid_at", "id"]


class Shipment(models.Model):
    order = models.OneToOneField(Order, on_delete=models.CASCADE)
    carrier = models.CharField(max_length=20, null=True, blank=True)
    shipped_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)
    transit = models.DurationField(null=True, blank=True)
    pickup = models.TimeField(null=True, blank=True)


class Review(models.Model):
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="reviews")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    rating = models.SmallIntegerField(null=True, blank=True)
    title = models.CharField(max_length=120, blank=True, default="")
    body = models.TextField(null=True, blank=True)
    created_at = models.DateTimeField()
    verified = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering = ["product__name", "-created_at", "id"]


class Coupon(models.Model):
    code = models.CharField(max_length=12, primary_key=True)
    percent = models.PositiveSmallIntegerField(null=True, blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    orders = models.ManyToManyField(Order, blank=True, related_name="coupons")
    categories = models.ManyToManyField(Category, blank=True, limit_choices_to=Q(parent__isnull=True))

    def __str__(self):
        return self.code
